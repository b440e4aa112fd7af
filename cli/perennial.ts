#!/usr/bin/env node
import { keepCompiledCode } from './compile-cache.ts';

// Whoever reads may have seen enough, as `head` has.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  process.exit();
});

keepCompiledCode();
const { createProgram } = await import('./program.ts');
try {
  await createProgram().parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `perennial: ${error.message}` : error);
  process.exitCode = 1;
}
