import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../local/replace-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-replace-'));
const path = join(folder, 'state.json');
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

test('a file is made with its permissions, then holds what was written last, and nothing lies beside it', () => {
  replaceFile(path, 'first', 0o600);
  replaceFile(path, 'second', 0o600);
  expect(readFileSync(path, 'utf8')).toBe('second');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['state.json']);
});

test('what a writer that died has left does not matter', () => {
  writeFileSync(`${path}.tmp`, 'cut o');
  replaceFile(path, 'whole');
  expect(readFileSync(path, 'utf8')).toBe('whole');
});
