import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  forgetState,
  NoStateFolderError,
  StateFormatError,
  SyntheticStateError,
  settle,
} from '../../../local/start/settings.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-settings-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a folder whose first start loaded nothing is a demo from then on', async () => {
  expect(await settle(folder, { data: undefined })).toMatchObject({ demo: true });
  expect(await settle(folder, { data: undefined })).toMatchObject({ demo: true });
});

test('a folder whose first start loaded a file is none, though later starts load nothing', async () => {
  expect(await settle(folder, { data: 'file.csv' })).toMatchObject({ demo: false });
  expect(await settle(folder, { data: undefined })).toMatchObject({ demo: false });
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

test('a folder that holds something else is neither settled in nor emptied', async () => {
  writeFileSync(join(folder, 'thesis.tex'), 'three years');
  await expect(settle(folder, { data: undefined })).rejects.toThrow(NoStateFolderError);
  await expect(forgetState(folder)).rejects.toThrow('it holds "thesis.tex"');
  expect(readdirSync(folder)).toEqual(['thesis.tex']);
  writeFileSync(join(folder, 'settings.json'), '{"theme":"dark"}');
  await expect(forgetState(folder)).rejects.toThrow(NoStateFolderError);
});

test('state of another format is not gone on from, but may be forgotten', async () => {
  writeFileSync(join(folder, 'settings.json'), '{"format":2,"demo":true}');
  await expect(settle(folder, { data: undefined })).rejects.toThrow(StateFormatError);
  await forgetState(folder);
  expect(await settle(folder, { data: undefined })).toEqual({ format: 1, demo: true });
});
