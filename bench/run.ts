// `npm run bench -- <name> [options]`: runs bench/<name>.ts and prints its figures on standard output, a JSON line for each object that it gives.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';

/** Gives its figures at once, or one comparison after another. */
type Bench = (options: string[]) => Promise<object> | AsyncIterable<object>;

const names = readdirSync(new URL('.', import.meta.url))
  .filter(file => file.endsWith('.ts') && file !== 'run.ts')
  .map(file => file.slice(0, -'.ts'.length));
const [name, ...options] = process.argv.slice(2);

if (!name || !names.includes(name)) {
  console.error(`Usage: npm run bench -- <name> [options]\n\nBenchmarks: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const { default: bench } = (await import(`./${name}.ts`)) as { default: Bench };
  try {
    const figures = bench(options);
    for await (const line of Symbol.asyncIterator in figures ? figures : [figures]) {
      console.log(JSON.stringify({ bench: name, node: process.version, cores: cpus().length, ...line }));
    }
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS')) throw error;
    console.error(`npm run bench -- ${name}: ${(error as Error).message}`);
    process.exitCode = 2;
  }
}
