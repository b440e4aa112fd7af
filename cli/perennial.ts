#!/usr/bin/env node
import { keepCompiledCode } from './compile-cache.ts';

keepCompiledCode();
const { createProgram } = await import('./program.ts');
try {
  await createProgram().parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `perennial: ${error.message}` : error);
  process.exitCode = 1;
}
