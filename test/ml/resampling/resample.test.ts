import type { FeatureColumn, LabelledColumns, NumberColumn } from '../../../ml/columns.ts';
import { resample } from '../../../ml/resampling/resample.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

/** One positive of five. */
function makeUpRareRows(rows: number, seed: number): LabelledColumns {
  const data = makeUpRows(rows, seed);
  return { ...data, labels: data.labels.map((label, row) => (row % 2 === 0 ? label : 0)) };
}

function count(labels: Uint8Array, rows: Int32Array): [number, number] {
  const positives = rows.filter(row => labels[row] === 1).length;
  return [rows.length - positives, positives];
}

function numbersOf({ columns }: { columns: readonly FeatureColumn[] }, name: string): Float32Array {
  return (columns.find(column => column.name === name) as NumberColumn).values;
}

describe('smote', () => {
  const data = makeUpRareRows(600, 61);
  const rows = range(100, 600);
  const [negatives, positives] = count(data.labels, rows);

  test.each([
    [0, 100],
    [100, 100],
    [250, 50],
    [400, 10],
  ])('makes up %d %% of the rarer class and keeps %d %% of the other', (percentageOver, percentageUnder) => {
    const made = resample({ method: 'smote', percentageOver, percentageUnder }, data, rows, 1);
    expect(count(made.data.labels, made.rows)).toEqual([
      Math.round((negatives * percentageUnder) / 100),
      positives + Math.round((positives * percentageOver) / 100),
    ]);
    for (const column of made.data.columns) {
      const { length } = column.kind === 'number' ? column.values : column.codes;
      expect(length).toBe(made.rows.length);
    }
  });

  test('keeps the rows of the rarer class as they are', () => {
    const made = resample({ method: 'smote' }, data, rows, 1);
    const kept = rows.filter(row => data.labels[row] === 1);
    for (const name of ['age', 'balance', 'contacted']) {
      const expected = Float32Array.from(kept, row => numbersOf(data, name)[row]!);
      expect(numbersOf(made.data, name).slice(negatives, negatives + positives)).toEqual(expected);
    }
  });

  test('makes up rows between two of the rarer class, whole and named as they are', () => {
    const made = resample({ method: 'smote', k: 3, percentageOver: 400 }, data, rows, 1);
    const isMadeUp = (_: unknown, row: number) => row >= negatives + positives;
    const given = rows.filter(row => data.labels[row] === 1);
    for (const name of ['age', 'balance']) {
      const known = Array.from(given, row => numbersOf(data, name)[row]!).filter(value => !Number.isNaN(value));
      const values = numbersOf(made.data, name)
        .filter(isMadeUp)
        .filter(value => !Number.isNaN(value));
      expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(...known));
      expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(...known));
      if (name === 'age') expect(values.every(Number.isInteger)).toBe(true);
    }
    expect(new Set(numbersOf(made.data, 'contacted').filter(isMadeUp))).toEqual(new Set([0, 1]));
    for (const column of made.data.columns) {
      if (column.kind === 'category') expect(column.codes.every(code => code < column.levels.length)).toBe(true);
    }
  });

  test('lies on the way to the one neighbour there is, and takes its names', () => {
    const columns: FeatureColumn[] = [
      { kind: 'number', name: 'x', values: Float32Array.of(0.5, 10.5, 7, 8, 9) },
      { kind: 'number', name: 'y', values: Float32Array.of(100, 300, 1, 2, 3) },
      { kind: 'category', name: 'c', levels: ['a', 'b'], codes: Int32Array.of(0, 1, 0, 0, 0) },
    ];
    const labels = Uint8Array.of(1, 1, 0, 0, 0);
    const made = resample({ method: 'smote', k: 5, percentageOver: 500 }, { columns, labels }, range(0, 5), 3);
    const [x, y] = [numbersOf(made.data, 'x'), numbersOf(made.data, 'y')];
    expect(made.rows).toHaveLength(15);
    for (let row = 5; row < 15; row++) {
      expect(x[row]).toBeGreaterThanOrEqual(0.5);
      expect(x[row]).toBeLessThanOrEqual(10.5);
      // Both numbers at the same share of the way; y is whole throughout.
      expect(Math.abs(y[row]! - (100 + 20 * (x[row]! - 0.5)))).toBeLessThan(0.5001);
    }
    const { codes } = made.data.columns[2] as Extract<FeatureColumn, { kind: 'category' }>;
    // Bases take turns: the first lies towards the second's name, and the other way round.
    expect([...codes.slice(5)]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
  });

  test('leaves a missing number missing', () => {
    const columns: FeatureColumn[] = [{ kind: 'number', name: 'x', values: Float32Array.of(Number.NaN, 5, 7, 8, 9) }];
    const labels = Uint8Array.of(1, 1, 0, 0, 0);
    const made = resample({ method: 'smote', percentageOver: 100 }, { columns, labels }, range(0, 5), 3);
    expect([...numbersOf(made.data, 'x').slice(5)]).toEqual([Number.NaN, 5]);
  });

  test('refuses a class of one row and parameters out of range', () => {
    const labels = Uint8Array.of(1, 0, 0, 0, 0);
    const one = { columns: makeUpRows(5, 62).columns, labels };
    expect(() => resample({ method: 'smote' }, one, range(0, 5), 1)).toThrow('a class of 1 row: expected two or more');
    expect(() => resample({ method: 'smote', k: 0 }, data, rows, 1)).toThrow(
      'k is 0, expected an integer in [1, 1000]',
    );
    expect(() => resample({ method: 'smote', percentageOver: -1 }, data, rows, 1)).toThrow('percentageOver is -1');
    expect(() => resample({ method: 'smote', percentageUnder: 101 }, data, rows, 1)).toThrow('percentageUnder is 101');
  });
});

test('undersampling keeps the rarer class and draws of the other', () => {
  const data = makeUpRareRows(500, 63);
  const [, positives] = count(data.labels, range(0, 500));
  const made = resample({ method: 'undersample', ratio: 0.5 }, data, range(0, 500), 1);
  expect(made.data).toBe(data);
  expect(count(data.labels, made.rows)).toEqual([2 * positives, positives]);
  expect(new Set(made.rows).size).toBe(made.rows.length);
});

test('oversampling keeps all rows and repeats those of the rarer class', () => {
  const data = makeUpRareRows(500, 64);
  const rows = range(0, 500);
  const [negatives, positives] = count(data.labels, rows);
  const made = resample({ method: 'oversample' }, data, rows, 1);
  expect(count(data.labels, made.rows)).toEqual([negatives, negatives]);
  expect(made.rows.slice(0, 500)).toEqual(rows);
  expect(new Set(made.rows.slice(500)).size).toBeGreaterThan(positives / 2);
});

test('a ratio that is reached already changes nothing', () => {
  const data = makeUpRareRows(200, 65);
  for (const method of ['undersample', 'oversample'] as const) {
    const made = resample({ method, ratio: 0.01 }, data, range(0, 200), 1);
    expect(made.rows.toSorted()).toEqual(range(0, 200));
  }
});

test.each([{ method: 'smote' }, { method: 'undersample' }, { method: 'oversample' }] as const)(
  'the seed alone decides what $method draws, and other rows have no say',
  resampling => {
    const { columns, labels } = makeUpRareRows(400, 66);
    const others = labels.map((label, row) => (row < 300 ? label : 1 - label));
    const rows = range(0, 300);
    const made = resample(resampling, { columns, labels }, rows, 1);
    const again = resample(resampling, { columns, labels: others }, rows, 1);
    expect(again.rows).toEqual(made.rows);
    if (resampling.method === 'smote') expect(again.data).toEqual(made.data);
    const other = resample(resampling, { columns, labels }, rows, 2);
    expect([other.data.columns, other.rows]).not.toEqual([made.data.columns, made.rows]);
  },
);

test('rows of one class and a ratio out of range are refused', () => {
  const data = makeUpRows(50, 67);
  const negatives = range(0, 50).filter(row => data.labels[row] === 0);
  expect(() => resample({ method: 'oversample' }, data, negatives, 1)).toThrow('rows of one class');
  for (const ratio of [0, 1.5, Number.NaN]) {
    expect(() => resample({ method: 'undersample', ratio }, data, range(0, 50), 1)).toThrow(`ratio is ${ratio}`);
  }
});
