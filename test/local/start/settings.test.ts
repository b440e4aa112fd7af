import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetState, SyntheticStateError, settle } from '../../../local/start/settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder whose first start loaded nothing is a demo from then on', async () => {
  expect(await settle(folder, { data: undefined })).toEqual({ demo: true });
  expect(await settle(folder, { data: undefined })).toEqual({ demo: true });
});

test('a folder whose first start loaded a file is none, though later starts load nothing', async () => {
  expect(await settle(folder, { data: 'file.csv' })).toEqual({ demo: false });
  expect(await settle(folder, { data: undefined })).toEqual({ demo: false });
});

test('a file is not loaded among synthetic observations', async () => {
  await settle(folder, { data: undefined });
  await expect(settle(folder, { data: 'file.csv' })).rejects.toThrow(SyntheticStateError);
});

test('forgetting the state leaves the hold on the folder', async () => {
  writeFileSync(join(folder, 'lock'), '1');
  await settle(folder, { data: undefined });
  await forgetState(folder);
  expect(readdirSync(folder)).toEqual(['lock']);
});
