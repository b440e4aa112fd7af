import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdStateFolder, StateFolderHeldError } from '../../local/state-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-state-'));
const lock = join(folder, 'lock');
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => rmSync(lock, { force: true }));

test('a folder is held by one at a time, and free again once given back', () => {
  const release = holdStateFolder(folder);
  expect(() => holdStateFolder(folder)).toThrow(StateFolderHeldError);
  release();
  expect(existsSync(lock)).toBe(false);
  holdStateFolder(folder)();
});

test('a lock of a process that lives holds, and of one that was killed does not', async () => {
  const module = new URL('../../local/state-folder.ts', import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(m => { m.holdStateFolder(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1e6); })`;
  const child = spawn(process.execPath, ['-e', script], { env: { ...process.env, NODE_OPTIONS: '' } });
  await once(child.stdout, 'data');
  expect(() => holdStateFolder(folder)).toThrow(
    `${folder} is in use by the embedded cloud of process ${child.pid}; end it first, or choose another folder`,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  holdStateFolder(folder)();
});

const tellsStart = existsSync('/proc/self/stat');

(tellsStart ? test : test.skip)('a lock of another process under a number that is in use again does not hold', () => {
  writeFileSync(lock, `${process.ppid} 1`);
  holdStateFolder(folder)();
});
