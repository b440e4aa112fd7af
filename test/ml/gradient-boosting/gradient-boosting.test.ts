import { readFileSync } from 'node:fs';
import type { FeatureColumn, LabelledColumns } from '../../../ml/columns.ts';
import { fitGradientBoosting, predictGradientBoosting } from '../../../ml/gradient-boosting/gradient-boosting.ts';
import { keepAside } from '../../../ml/gradient-boosting/keep-aside.ts';
import { logLoss } from '../../../ml/metrics/probability-losses.ts';
import { rocAuc } from '../../../ml/metrics/ranking.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

interface Reference {
  readonly fittedRows: number;
  readonly labels: number[];
  readonly features: (number | null)[][];
  readonly fits: { maxDepth: number; maxLeaves: number | null; lambda: number; probabilities: number[] }[];
}

/** test/reference/gradient-boosting.py made it with scikit-learn. */
const reference: Reference = JSON.parse(readFileSync('test/reference/gradient-boosting.json', 'utf8'));

describe.each(reference.fits)(
  'with depth $maxDepth and $maxLeaves leaves',
  ({ maxDepth, maxLeaves, lambda, probabilities }) => {
    const columns = reference.features.map(
      (values, i): FeatureColumn => ({
        kind: 'number',
        name: `x${i}`,
        values: Float32Array.from(values, value => value ?? Number.NaN),
      }),
    );
    const data = { columns, labels: Uint8Array.from(reference.labels) };
    const parameters = { trees: 20, maxDepth, lambda, minChildWeight: 0.001, ...(maxLeaves ? { maxLeaves } : {}) };
    const model = fitGradientBoosting(parameters, data, range(0, reference.fittedRows), 1);
    const predicted = predictGradientBoosting(model, columns, range(0, reference.labels.length));
    const differences = predicted.map((probability, row) => Math.abs(probability - probabilities[row]!));

    // The same trees; leaf values are float32 here.
    test('the probabilities of the fitted rows are those of scikit-learn', () => {
      expect(Math.max(...differences.subarray(0, reference.fittedRows))).toBeLessThan(1e-7);
    });

    // Where a node has no missing value, or two splits part the fitted rows alike, the libraries choose differently: other rows may then fall elsewhere.
    test('the probabilities of other rows are those of scikit-learn but for a few', () => {
      const others = differences.subarray(reference.fittedRows);
      expect(others.filter(difference => difference > 1e-7).length).toBeLessThanOrEqual(5);
      expect(Math.max(...others)).toBeLessThan(0.03);
    });
  },
);

/** Labels that depend on two features together, which no linear model sees. */
function makeUpInteraction(rows: number): LabelledColumns {
  const { columns, labels } = makeUpRows(rows, 20);
  const [age, job] = [columns[0]!, columns[1]!];
  if (age.kind !== 'number' || job.kind !== 'category') throw new TypeError('made-up rows changed');
  return { columns, labels: labels.map((_, row) => (age.values[row]! > 50 === (job.codes[row] === 1) ? 1 : 0)) };
}

test('an interaction of a number and a level is learnt', () => {
  const data = makeUpInteraction(1_500);
  const model = fitGradientBoosting({ trees: 20, maxDepth: 3 }, data, range(0, 1_000), 1);
  const held = range(1_000, 1_500);
  expect(rocAuc(data.labels.subarray(1_000), predictGradientBoosting(model, data.columns, held))).toBeGreaterThan(0.99);
});

test('more trees fit the training rows better', () => {
  const data = makeUpRows(500, 21);
  const losses = [1, 5, 25, 100].map(trees => {
    const model = fitGradientBoosting({ trees }, data, range(0, 500), 1);
    return logLoss(data.labels, predictGradientBoosting(model, data.columns, range(0, 500)));
  });
  expect(losses).toEqual([...losses].sort((a, b) => b - a));
});

test('the seed decides the drawn rows and features, and nothing where all are used', () => {
  const data = makeUpRows(400, 22);
  const fitWith = (seed: number, share: number) =>
    fitGradientBoosting({ trees: 5, subsample: share, columnsByTree: share }, data, range(0, 400), seed);
  expect(fitWith(1, 0.5)).toEqual(fitWith(1, 0.5));
  expect(fitWith(1, 0.5)).not.toEqual(fitWith(2, 0.5));
  expect(fitWith(1, 1)).toEqual(fitWith(2, 1));
});

test('only the given rows are looked at', () => {
  const data = makeUpRows(400, 23);
  const other = makeUpRows(400, 24);
  const spliced = {
    columns: data.columns,
    labels: Uint8Array.from([...data.labels.subarray(0, 300), ...other.labels.subarray(300)]),
  };
  expect(fitGradientBoosting({ trees: 5 }, data, range(0, 300), 1)).toEqual(
    fitGradientBoosting({ trees: 5 }, spliced, range(0, 300), 1),
  );
});

test('a missing level is a level of its own where training saw one, and an unknown level is none', () => {
  const codes = Int32Array.from({ length: 300 }, (_, row) => (row % 3) - 1);
  const columns: FeatureColumn[] = [{ kind: 'category', name: 'job', levels: ['a', 'b'], codes }];
  const labels = Uint8Array.from(codes, code => (code === -1 ? 1 : 0));
  const model = fitGradientBoosting({ trees: 30, minChildWeight: 0 }, { columns, labels }, range(0, 300), 1);
  const asked: FeatureColumn[] = [
    { kind: 'category', name: 'job', levels: ['b', '', 'new'], codes: Int32Array.of(-1, 0, 1, 2) },
  ];
  const [missing, b, empty, unknown] = predictGradientBoosting(model, asked, range(0, 4));
  expect(missing).toBeGreaterThan(0.8);
  expect(empty).toBe(missing);
  expect(b).toBeLessThan(0.2);
  expect(unknown).toBeLessThan(0.2);
});

test('every parameter out of range is named, with what is accepted', () => {
  const data = makeUpRows(50, 25);
  const fitWith = () =>
    fitGradientBoosting({ trees: 0, learningRate: 2, lambda: -1, maxBins: 300 }, data, range(0, 50), 1);
  expect(fitWith).toThrow(RangeError);
  expect(fitWith).toThrow(
    'Cannot fit gradient boosting: trees is 0, expected an integer in [1, 10000]; learningRate is 2, expected a number above 0, at most 1; ' +
      'lambda is -1, expected a finite number, 0 or above; maxBins is 300, expected an integer in [2, 255]',
  );
});

describe('early stopping', () => {
  const data = makeUpRows(3_000, 26);
  const parameters = { trees: 300, learningRate: 0.3, maxDepth: 6, earlyStoppingRounds: 10 };

  test('keeps the trees up to the least loss of rows that were not fitted', () => {
    const stopped = fitGradientBoosting(parameters, data, range(0, 2_000), 1);
    const whole = fitGradientBoosting({ ...parameters, earlyStoppingRounds: 0 }, data, range(0, 2_000), 1);
    expect(stopped.trees.length).toBeLessThan(100);
    const lossOf = (model: typeof whole) =>
      logLoss(data.labels.subarray(2_000), predictGradientBoosting(model, data.columns, range(2_000, 3_000)));
    expect(lossOf(stopped)).toBeLessThan(lossOf(whole) - 0.05);
  });

  test('keeps all rows of an entity on one side', () => {
    const rows = Int32Array.from({ length: 2_000 }, (_, i) => i % 200);
    const groups = Array.from({ length: 3_000 }, (_, row) => `entity ${row}`);
    const labels = Uint8Array.from(rows, row => data.labels[row]!);
    const aside = keepAside(labels, rows, groups, 0.1, 1)!;
    for (const [i, row] of rows.entries()) expect(aside[i]).toBe(aside[row]);
    expect(Math.abs(aside.filter(side => side === 1).length - 200)).toBeLessThan(40);
  });

  describe('where a class is rare', () => {
    const rowsWith = (positives: number) =>
      Int32Array.from([...rowsOf(1).subarray(0, positives), ...rowsOf(0).subarray(0, 100)]);
    const rowsOf = (label: number) => range(0, 3_000).filter(row => data.labels[row] === label);

    test('keeps a larger part aside, which has one of it', () => {
      const rows = rowsWith(5);
      const aside = keepAside(
        Uint8Array.from(rows, row => data.labels[row]!),
        rows,
        undefined,
        0.1,
        1,
      )!;
      expect(aside.subarray(0, 5).filter(side => side === 1)).toHaveLength(1);
      expect(aside.subarray(5).filter(side => side === 1)).toHaveLength(20);
    });

    test('is left out where it has one row', () => {
      expect(fitGradientBoosting({ ...parameters, trees: 50 }, data, rowsWith(1), 1).trees).toHaveLength(50);
    });
  });

  test('is on without a number of trees', () => {
    expect(fitGradientBoosting({}, data, range(0, 2_000), 1).trees.length).toBeLessThan(400);
  });
});

describe('weights', () => {
  const data = makeUpRows(1_000, 27);
  const positives = range(0, 1_000).filter(row => data.labels[row] === 1);

  test('weighing positives twice is having each of them twice', () => {
    const parameters = { trees: 10, minChildWeight: 0 };
    const weighted = fitGradientBoosting({ ...parameters, scalePosWeight: 2 }, data, range(0, 1_000), 1);
    const doubled = fitGradientBoosting(parameters, data, Int32Array.from([...range(0, 1_000), ...positives]), 1);
    const [one, other] = [weighted, doubled].map(model =>
      predictGradientBoosting(model, data.columns, range(0, 1_000)),
    );
    // The same sums to scale; quantiles of the doubled rows may be cut elsewhere.
    expect(rocAuc(data.labels, one!)).toBeCloseTo(rocAuc(data.labels, other!), 2);
    expect(weighted.baseScore).toBe(doubled.baseScore);
  });

  test('balanced classes start even', () => {
    expect(fitGradientBoosting({ trees: 1, classWeight: 'balanced' }, data, range(0, 1_000), 1).baseScore).toBeCloseTo(
      0,
      12,
    );
  });

  test('weights of any size give the same splits', () => {
    const fitWith = (weight: number) =>
      fitGradientBoosting(
        { trees: 3, lambda: 0, minChildWeight: 0, classWeight: { negative: weight, positive: weight } },
        data,
        range(0, 1_000),
        1,
      );
    const shapeOf = (model: ReturnType<typeof fitWith>) =>
      model.trees.map(({ feature, threshold }) => ({ feature, threshold }));
    expect(shapeOf(fitWith(1_048_576))).toEqual(shapeOf(fitWith(1)));
    expect(shapeOf(fitWith(1 / 1_048_576))).toEqual(shapeOf(fitWith(1)));
  });
});

test('a monotone feature only moves the probability one way', () => {
  const data = makeUpRows(2_000, 28);
  for (const [sign, growth] of [
    [1, 'depth-wise'],
    [-1, 'leaf-wise'],
  ] as const) {
    const parameters = { trees: 40, maxDepth: 5, growth, maxLeaves: 20, monotone: { balance: sign } };
    const model = fitGradientBoosting(parameters, data, range(0, 2_000), 1);
    for (let row = 0; row < 50; row++) {
      const columns = data.columns.map(column =>
        column.kind === 'number'
          ? {
              ...column,
              values: Float32Array.from({ length: 100 }, (_, i) =>
                column.name === 'balance' ? -8_000 + 200 * i : column.values[row]!,
              ),
            }
          : { ...column, codes: new Int32Array(100).fill(column.codes[row]!) },
      );
      const probabilities = predictGradientBoosting(model, columns, range(0, 100));
      for (let i = 1; i < 100; i++)
        expect(sign * (probabilities[i]! - probabilities[i - 1]!)).toBeGreaterThanOrEqual(0);
    }
  }
});

test('a constraint on what is no number feature is refused', () => {
  const data = makeUpRows(100, 28);
  expect(() => fitGradientBoosting({ monotone: { job: 1, colour: 1 } }, data, range(0, 100), 1)).toThrow(
    'Cannot constrain job, colour: expected number features, which are age, balance, contacted',
  );
});

test('a missing value that tells something is told from all others', () => {
  const values = Float32Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? Number.NaN : i));
  const columns: FeatureColumn[] = [{ kind: 'number', name: 'x', values }];
  const labels = Uint8Array.from(values, value => (Number.isNaN(value) ? 1 : 0));
  const model = fitGradientBoosting({ trees: 1, maxDepth: 1 }, { columns, labels }, range(0, 400), 1);
  expect([model.trees[0]!.threshold[0], model.trees[0]!.missingLeft[0]]).toEqual([Number.POSITIVE_INFINITY, 0]);
});

test('rows of one class are refused', () => {
  const data = makeUpRows(50, 25);
  const positives = range(0, 50).filter(row => data.labels[row] === 1);
  expect(() => fitGradientBoosting({}, data, positives, 1)).toThrow('rows of one class');
});
