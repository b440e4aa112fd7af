import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentNames } from '../contracts/environment.ts';
import { replaceFile } from './replace-file.ts';

const { clockSpeed, clockOrigin } = environmentNames;

/**
 * Decides the clock's variables for this process and its functions. Where time runs faster, it does so from an instant that the state folder
 * remembers, so that a restart does not take it back.
 */
export function settleClock(stateFolder: string): Record<string, string> {
  const speed = process.env[clockSpeed];
  if (!speed) return {};
  process.env[clockOrigin] ??= readOrigin(join(stateFolder, 'clock-origin'));
  return { [clockSpeed]: speed, [clockOrigin]: process.env[clockOrigin] };
}

function readOrigin(file: string): string {
  if (!existsSync(file)) replaceFile(file, String(Date.now()));
  return readFileSync(file, 'utf8');
}
