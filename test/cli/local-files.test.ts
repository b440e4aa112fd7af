import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireWritable } from '../../cli/local-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that is read is not written over, by whichever name', async () => {
  const [data, link] = [join(folder, 'rows.csv'), join(folder, 'link.csv')];
  writeFileSync(data, 'a\n1\n');
  symlinkSync(data, link);

  for (const out of [data, link, join(folder, '.', 'rows.csv')]) {
    await expect(requireWritable(out, [join(folder, 'model.onnx'), data])).rejects.toThrow(
      'it is the file that is read',
    );
  }
});

test('a file that is not there yet, or is none of those that are read, can be written', async () => {
  const [data, scores] = [join(folder, 'rows.csv'), join(folder, 'scores.csv')];
  writeFileSync(data, 'a\n1\n');

  await requireWritable(scores, [data]);
  writeFileSync(scores, '');
  await requireWritable(scores, [data]);
});

test('a folder is no file, and a file needs one that is there', async () => {
  await expect(requireWritable(folder)).rejects.toThrow('it is a folder');
  await expect(requireWritable(join(folder, 'none', 'scores.csv'))).rejects.toThrow('there is no such file or folder');
});
