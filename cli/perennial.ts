#!/usr/bin/env node
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  console.error(error instanceof Error ? `perennial: ${error.message}` : error);
  process.exitCode = 1;
}
