import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scoreFile } from '../../../lifecycle/scoring/score-file.ts';
import { readCandidate } from '../../../lifecycle/training/read-candidate.ts';
import { trainFile } from '../../../lifecycle/training/train-file.ts';
import { fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { writeClients } from '../training/write-clients.ts';

let folder: string;
let onnx: Uint8Array;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-score-'));
  const path = join(folder, 'training.csv');
  writeClients(path, { rows: 400, seed: 1 });
  const watcher = { onTable() {}, onFold() {}, onFit() {}, onExport() {} };
  const candidate = readCandidate('logistic-regression', {});
  const roles = { label: 'answer', positive: 'yes', exclude: [], categorical: ['region'] };
  const trained = await trainFile({ file: { path }, ...roles, candidate, folds: 2, seed: 1, threads: 1 }, watcher);
  onnx = trained.exported.onnx;
});
afterAll(() => rmSync(folder, { recursive: true }));

const header = 'age,income,job,owner,region';

async function score(text: string, model = onnx, name = 'rows.csv') {
  const [path, out] = [join(folder, name), join(folder, 'scores.csv')];
  writeFileSync(path, text);
  const scored = await scoreFile({ onnx: model, file: { path }, out });
  const [first, ...lines] = readFileSync(out, 'utf8').trimEnd().split('\n');
  return { scored, first, lines: lines.map(line => line.split(',')) };
}

test('every row is decided for the label that its probability speaks for', async () => {
  const { scored, first, lines } = await score(`${header}\n30,45,nurse,yes,2\n30,-5,clerk,no,1\n`);

  expect(first).toBe('row,probability,decision');
  expect(lines.map(([row, , decision]) => [row, decision])).toEqual([
    ['1', 'yes'],
    ['2', 'no'],
  ]);
  expect(Number(lines[0]![1])).toBeGreaterThan(0.9);
  expect(Number(lines[1]![1])).toBeLessThan(0.1);
  expect(scored).toEqual({ rows: 2, decidedPositive: 1, rule: { threshold: 0.5, positive: 'yes', negative: 'no' } });
});

test('blanks, unknown levels and columns in another order are scored', async () => {
  const { lines } = await score(`region;more;job;owner;income;age\n;1;;;;\n9;1;pilot;perhaps;20;40\n`);

  expect(lines).toHaveLength(2);
  for (const [, probability] of lines) expect(Number(probability)).toBeGreaterThan(0);
});

test('rows that are longer than what is read at once are scored', async () => {
  const more = 'x'.repeat(100_000);
  const row = { more, age: 30, income: 45, job: 'nurse', owner: 'yes', region: 2 };

  const { scored } = await score(`${JSON.stringify(row)}\n${JSON.stringify(row)}\n`, onnx, 'rows.ndjson');

  expect(scored).toMatchObject({ rows: 2, decidedPositive: 2 });
});

test('a model that does not say how to decide decides 1 from one half on', async () => {
  const values = Float32Array.of(0, 0, 1, 1);
  const data = { columns: [{ kind: 'number' as const, name: 'a', values }], labels: Uint8Array.of(0, 0, 1, 1) };
  const model = fitModel({ algorithm: 'logistic-regression', C: 10 }, data, Int32Array.of(0, 1, 2, 3), 1);

  const { lines } = await score('a\n0\n1\n', exportOnnx(model));

  expect(lines.map(([, , decision]) => decision)).toEqual(['0', '1']);
});

test.each([
  [
    'lacks columns',
    'age,income,Job,region\n1,2,nurse,3\n',
    'the model reads columns that it lacks: "job" (is it "Job"?), "owner"; it has "age", "income", "Job", "region"',
  ],
  ['has a header alone, without a column', 'age,income,job,owner\n', 'it lacks: "region"'],
  [
    'has a text for a number',
    `${header}\n1,2,nurse,yes,1\n1,much,nurse,yes,1\n`,
    'in row 2 "income" is "much", expected a number',
  ],
])('a file that %s is refused', async (_, text, message) => {
  await expect(score(text)).rejects.toThrow(message);
  expect(existsSync(join(folder, 'scores.csv'))).toBe(false);
});

test('bytes that are no model are refused', async () => {
  await expect(score(`${header}\n`, Buffer.from('no model'))).rejects.toThrow('Cannot open a model of 8 bytes');
});
