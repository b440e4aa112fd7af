import { createHash } from 'node:crypto';
import { openModel } from '../../../lifecycle/inference/model-session.ts';
import { type FeatureColumn, missingCode, unseenCode } from '../../../ml/columns.ts';
import type { GradientBoosting } from '../../../ml/gradient-boosting/gradient-boosting.ts';
import { fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import {
  type CategoryEncoding,
  fitPreprocessing,
  type NumberEncoding,
} from '../../../ml/preprocessing/fit-preprocessing.ts';
import { createRandom } from '../../../ml/random.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

const candidate = { algorithm: 'logistic-regression', C: 1 } as const;
const boosting = { algorithm: 'gradient-boosting', trees: 30, maxDepth: 4, subsample: 0.8 } as const;
const forest = { algorithm: 'random-forest', trees: 30 } as const;
const data = makeUpRows(1_200, 8);
const model = fitModel(candidate, data, range(0, 800), 1);
const onnx = exportOnnx(model);

/** Largest difference between the exported graph's probabilities and the trainer's. */
async function largestDifference(
  columns: readonly FeatureColumn[],
  of = model,
  bytes = exportOnnx(of),
): Promise<number> {
  const session = await openModel(bytes);
  const scores = await session.score(columns);
  await session.close();
  return of.predict(columns).reduce((largest, p, row) => Math.max(largest, Math.abs(p - scores[row]!)), 0);
}

describe.each([candidate, boosting, forest])('the exported graph of $algorithm', parameters => {
  const fitted = fitModel(parameters, data, range(0, 800), 1);

  test('computes what the trainer does, for missing values and unseen levels too', async () => {
    expect(await largestDifference(data.columns, fitted)).toBeLessThan(1e-6);
  });

  test.each([1, 1_000])('takes %d rows', async rows => {
    expect(await largestDifference(makeUpRows(rows, 9).columns, fitted)).toBeLessThan(1e-6);
  });

  test('is right for values on both sides of every threshold', async () => {
    const age = Float32Array.from({ length: 300 }, (_, i) => Math.fround(i / 3));
    const columns = makeUpRows(300, 14).columns.map(column =>
      column.name === 'age' && column.kind === 'number' ? { ...column, values: age } : column,
    );
    expect(await largestDifference(columns, fitted)).toBeLessThan(1e-6);
  });

  test('keeps levels of any text apart', async () => {
    const levels = ['é', 'e\u0301', ' a', 'a', 'A', '漢字', 'a b', '"', '0'];
    const codes = Int32Array.from({ length: 400 }, (_, row) => (row % 11) - 2);
    const columns: FeatureColumn[] = [{ kind: 'category', name: 'text', levels, codes }];
    const labels = Uint8Array.from(codes, code => (code + 2) % 2);
    const texts = fitModel(parameters, { columns, labels }, range(0, 400), 1);
    expect(await largestDifference(columns, texts)).toBeLessThan(1e-6);
  });

  test('takes an empty text among the levels as missing', async () => {
    const codes = Int32Array.from({ length: 300 }, (_, row) => [0, 1, 1, 2, missingCode, unseenCode][row % 6]!);
    const columns: FeatureColumn[] = [{ kind: 'category', name: 'text', levels: ['', 'a', 'b'], codes }];
    const labels = Uint8Array.from(codes, code => (code === 2 ? 1 : 0));
    const blank = fitModel(parameters, { columns, labels }, range(0, 300), 1);
    expect(await largestDifference(columns, blank)).toBeLessThan(1e-6);
  });

  test('keeps a feature that was always missing, or always unseen, as an input', async () => {
    const columns: FeatureColumn[] = [
      ...data.columns,
      { kind: 'category', name: 'blank', levels: ['a'], codes: new Int32Array(1_200).fill(missingCode) },
      { kind: 'category', name: 'strange', levels: ['a'], codes: new Int32Array(1_200).fill(unseenCode) },
      { kind: 'number', name: 'empty', values: new Float32Array(1_200).fill(Number.NaN) },
    ];
    const blank = fitModel(parameters, { columns, labels: data.labels }, range(0, 800), 1);
    const session = await openModel(exportOnnx(blank));
    expect(session.inputs).toHaveLength(columns.length);
    await session.close();
    expect(await largestDifference(columns, blank)).toBeLessThan(1e-6);
  });

  test.each(['number', 'category'] as const)('takes features of kind %s alone', async kind => {
    const columns = data.columns.filter(column => column.kind === kind);
    const part = fitModel(parameters, { columns, labels: data.labels }, range(0, 800), 1);
    expect(await largestDifference(columns, part)).toBeLessThan(1e-6);
  });

  test('is right at extreme values', async () => {
    const values = [1e30, -1e30, 3.4e38, 1e-45, 0];
    const extreme = makeUpRows(values.length, 10).columns.map(column =>
      column.name === 'balance' && column.kind === 'number' ? { ...column, values: Float32Array.from(values) } : column,
    );
    expect(await largestDifference(extreme, fitted)).toBeLessThan(1e-5);
  });
});

test('trees that part sets of levels, and missing values from all others, are exported as they predict', async () => {
  const random = createRandom(30);
  const levels = Array.from({ length: 40 }, (_, i) => `level ${i}`);
  const codes = Int32Array.from({ length: 3_000 }, () => random.integer(42) - 2);
  const values = Float32Array.from(codes, code =>
    code % 3 === 0 ? Number.NaN : ([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY][code] ?? random.normal()),
  );
  const columns: FeatureColumn[] = [
    { kind: 'category', name: 'many', levels, codes },
    { kind: 'number', name: 'gaps', values },
  ];
  const labels = Uint8Array.from(codes, (code, row) =>
    (code * 7) % 11 > 5 === random.uniform() < 0.8 ? 1 : Number.isNaN(values[row]) ? 1 : 0,
  );
  const parameters = { algorithm: 'gradient-boosting', trees: 40, maxLeaves: 20, minChildWeight: 0.1 } as const;
  const fitted = fitModel(parameters, { columns, labels }, range(0, 2_000), 1);
  const { trees } = fitted.fitted as GradientBoosting;
  expect(Math.max(...trees.map(tree => tree.levels.length))).toBeGreaterThan(20);
  expect(trees.some(tree => tree.threshold.includes(Number.POSITIVE_INFINITY))).toBe(true);
  expect(await largestDifference(columns, fitted)).toBeLessThan(1e-6);
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

test.each([
  { parameters: candidate, sha256: '87e3fd62ef831518659ebb11fe438983de98b139cbb0ab32ead97e8dba2e2c1f' },
  { parameters: boosting, sha256: '3cfc1b99f4c774293c3d4c3762d267e594f55d923e35b2eee5bb197b9f029e39' },
])('the same rows give the same bytes of $parameters.algorithm on every machine', ({ parameters, sha256 }) => {
  const bytes = exportOnnx(fitModel(parameters, makeUpRows(1_200, 8), range(0, 800), 1));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
});

/** How the model encodes a feature. */
function encodingOf(feature: string): NumberEncoding | CategoryEncoding {
  const { features } = fitPreprocessing(data.columns, range(0, 800));
  return features.find(({ name }) => name === feature)!;
}

function medianAge(): number {
  return encodingOf('age').imputed;
}

function mostFrequentMonth(): string {
  const month = encodingOf('month');
  return month.kind === 'category' ? month.levels[month.imputed]! : '';
}
