// `npm start`: synthesizes the app, runs it in the embedded cloud, loads the history of a use case, runs the loop, and goes on serving.
import { keepCompiledCode } from '../../cli/compile-cache.ts';
import { PortInUseError } from '../loopback.ts';
import { readStartOptions, UsageError, usage } from './options.ts';

keepCompiledCode();
try {
  const options = readStartOptions(process.argv.slice(2));
  if (options?.demo) await (await import('./start-demo.ts')).startDemo(options);
  else if (options) await (await import('./start-perennial.ts')).start(options);
  else console.log(usage);
} catch (error) {
  console.error(explain(error));
  process.exit(error instanceof UsageError ? 2 : 1);
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof PortInUseError) return `\nnpm start failed: ${error.message} (--port, --aws-port)`;
  return error instanceof Error ? `\nnpm start failed: ${error.message}` : String(error);
}
