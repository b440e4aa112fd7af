import { createHash } from 'node:crypto';
import { openModel } from '../../../lifecycle/inference/model-session.ts';
import { type FeatureColumn, missingCode, unseenCode } from '../../../ml/columns.ts';
import { fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

const candidate = { algorithm: 'logistic-regression', C: 1 } as const;
const data = makeUpRows(1_200, 8);
const model = fitModel(candidate, data, range(0, 800), 1);
const onnx = exportOnnx(model);

/** Largest difference between the exported graph's probabilities and the trainer's. */
async function largestDifference(columns: readonly FeatureColumn[], of = model, bytes = onnx): Promise<number> {
  const session = await openModel(bytes);
  const scores = await session.score(columns);
  await session.close();
  return of.predict(columns).reduce((largest, p, row) => Math.max(largest, Math.abs(p - scores[row]!)), 0);
}

test('the exported graph computes what the trainer does, for missing values and unseen levels too', async () => {
  expect(await largestDifference(data.columns)).toBeLessThan(1e-6);
});

test.each([1, 1_000])('the exported graph takes %d rows', async rows => {
  expect(await largestDifference(makeUpRows(rows, 9).columns)).toBeLessThan(1e-6);
});

test('the exported graph has an input a feature, in the order of the columns', async () => {
  const session = await openModel(onnx);
  expect(session.inputs).toEqual(data.columns.map(({ name, kind }) => ({ name, kind })));
  await session.close();
});

test('a missing value counts as the median or the most frequent level, an unknown level as none', async () => {
  const session = await openModel(onnx);
  const known = { age: 40, job: 'nurse', balance: 1000, contacted: 1, month: 'may' };
  const [missing, filled, empty, unknown, never] = await session.scoreInstances([
    { job: 'nurse', balance: 1000, contacted: 1 },
    { ...known, age: medianAge(), month: mostFrequentMonth() },
    { ...known, age: null, month: '' },
    { ...known, month: 'smarch' },
    { ...known, month: 'never' },
  ]);
  expect(missing).toBe(filled);
  expect(empty).toBe(filled);
  expect(unknown).toBe(never);
  expect(unknown).not.toBe(filled);
  await session.close();
});

test('extreme values saturate alike', async () => {
  const values = [1e30, -1e30, 3.4e38, 1e-45, 0];
  const extreme = makeUpRows(values.length, 10).columns.map(column =>
    column.name === 'balance' && column.kind === 'number' ? { ...column, values: Float32Array.from(values) } : column,
  );
  expect(await largestDifference(extreme)).toBeLessThan(1e-5);
});

test('levels of any text keep apart', async () => {
  const levels = ['é', 'e\u0301', ' a', 'a', 'A', '漢字', 'a b', '"', '0'];
  const codes = Int32Array.from({ length: 400 }, (_, row) => (row % 11) - 2);
  const columns: FeatureColumn[] = [{ kind: 'category', name: 'text', levels, codes }];
  const labels = Uint8Array.from(codes, code => (code + 2) % 2);
  const texts = fitModel(candidate, { columns, labels }, range(0, 400), 1);
  expect(await largestDifference(columns, texts, exportOnnx(texts))).toBeLessThan(1e-6);
});

test('an empty text among the levels counts as missing, there and here', async () => {
  const codes = Int32Array.from({ length: 300 }, (_, row) => [0, 1, 1, 2, missingCode, unseenCode][row % 6]!);
  const columns: FeatureColumn[] = [{ kind: 'category', name: 'text', levels: ['', 'a', 'b'], codes }];
  const labels = Uint8Array.from(codes, code => (code === 2 ? 1 : 0));
  const blank = fitModel(candidate, { columns, labels }, range(0, 300), 1);
  expect(await largestDifference(columns, blank, exportOnnx(blank))).toBeLessThan(1e-6);
});

test('a feature that was always missing stays an input without a say', async () => {
  const columns: FeatureColumn[] = [
    ...data.columns,
    { kind: 'category', name: 'blank', levels: ['a'], codes: new Int32Array(1_200).fill(missingCode) },
    { kind: 'number', name: 'empty', values: new Float32Array(1_200).fill(Number.NaN) },
  ];
  const blank = fitModel(candidate, { columns, labels: data.labels }, range(0, 800), 1);
  const bytes = exportOnnx(blank);
  const session = await openModel(bytes);
  expect(session.inputs).toHaveLength(columns.length);
  await session.close();
  expect(await largestDifference(columns, blank, bytes)).toBeLessThan(1e-6);
});

test('a model of numbers alone, and of categories alone, is exported', async () => {
  for (const kind of ['number', 'category'] as const) {
    const columns = data.columns.filter(column => column.kind === kind);
    const part = fitModel(candidate, { columns, labels: data.labels }, range(0, 800), 1);
    expect(await largestDifference(columns, part, exportOnnx(part))).toBeLessThan(1e-6);
  }
});

test('the same rows give the same bytes, on every machine', () => {
  const again = exportOnnx(fitModel(candidate, makeUpRows(1_200, 8), range(0, 800), 2));
  expect(Buffer.from(again).equals(Buffer.from(onnx))).toBe(true);
  expect(createHash('sha256').update(onnx).digest('hex')).toBe(
    '87e3fd62ef831518659ebb11fe438983de98b139cbb0ab32ead97e8dba2e2c1f',
  );
});

function medianAge(): number {
  const [feature] = model.fitted.preprocessing.features.filter(({ name }) => name === 'age');
  return feature!.imputed;
}

function mostFrequentMonth(): string {
  const [feature] = model.fitted.preprocessing.features.filter(({ name }) => name === 'month');
  return feature!.kind === 'category' ? feature!.levels[feature!.imputed]! : '';
}
