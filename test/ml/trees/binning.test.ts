import { createRandom } from '../../../ml/random.ts';
import { findCuts } from '../../../ml/trees/binning.ts';
import { sortFloats } from '../../../ml/trees/sort-floats.ts';
import { binColumns, readBins } from './made-up-workspace.ts';

test('few distinct values are cut in the middle between neighbours, missing ones ignored', () => {
  expect([...findCuts(Float32Array.of(3, 1, Number.NaN, 1, 7), 255)]).toEqual([2, 5]);
});

test('a cut parts neighbouring float32 values', () => {
  const below = 1;
  const above = 1 + 2 ** -23;
  const [cut] = findCuts(Float32Array.of(above, below), 255);
  expect(below <= cut! && above > cut!).toBe(true);
});

test('cuts between the largest float32 values, and infinite ones, are numbers', () => {
  const largest = 3.4028234663852886e38;
  expect([...findCuts(Float32Array.of(-largest, 0, largest), 2)]).toHaveLength(1);
  expect([...findCuts(Float32Array.of(largest * 0.75, largest), 4)].every(Number.isFinite)).toBe(true);
  const infinite = findCuts(Float32Array.of(Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY), 4);
  expect(infinite.some(Number.isNaN)).toBe(false);
});

test('one value, or none, is not cut', () => {
  expect(findCuts(Float32Array.of(2, 2), 255)).toHaveLength(0);
  expect(findCuts(Float32Array.of(Number.NaN), 255)).toHaveLength(0);
});

test('many values are cut into bins of about equal numbers of rows', () => {
  const random = createRandom(1);
  const values = Float32Array.from({ length: 10_000 }, () => random.normal());
  const counts = new Int32Array(16);
  for (const bin of readBins(binColumns([values], [0], 1, 16))[0]!) counts[bin]! += 1;
  for (const count of counts) expect(count).toBe(625);
});

test('a value that fills several shares is cut off once', () => {
  const values = Float32Array.from({ length: 1_000 }, (_, i) => (i < 900 ? 0 : i));
  expect([...findCuts(values, 10)]).toEqual([450]);
});

test('a bin holds what is above its lower cut and at or below its upper one, the last but one all the rest, the last missing values', () => {
  const workspace = binColumns([Float32Array.of(1, 3, 2, Number.NaN, 3)], [0]);
  expect(workspace.features).toEqual([{ kind: 'number', cuts: Float32Array.of(1.5, 2.5) }]);
  expect([...readBins(workspace)[0]!]).toEqual([0, 2, 1, 3, 2]);
});

test('a level is a bin, and an unknown one counts as missing', () => {
  const workspace = binColumns([Float32Array.of(2, 0, Number.NaN, 1)], [3]);
  expect([...readBins(workspace)[0]!]).toEqual([2, 0, 3, 1]);
});

test('as many rows as threads share are binned by counting the cuts below, in both layouts', () => {
  const random = createRandom(2);
  const columns = Array.from({ length: 18 }, () =>
    Float32Array.from({ length: 9_001 }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
  );
  const workspace = binColumns(columns, Array(18).fill(0), 3);
  const rowMajor = (feature: number, row: number) => workspace.bytes[workspace.at.rowBins + row * 32 + feature];
  const byColumn = readBins(workspace);
  columns.forEach((values, feature) => {
    const bins = workspace.features[feature]!;
    const cuts = bins.kind === 'number' ? [...bins.cuts] : [];
    const naive = Uint8Array.from(values, value =>
      Number.isNaN(value) ? cuts.length + 1 : cuts.filter(cut => cut < value).length,
    );
    expect(byColumn[feature]).toEqual(naive);
    expect(Uint8Array.from(naive, (_, row) => rowMajor(feature, row)!)).toEqual(naive);
  });
});

test('floats are sorted as comparing them does', () => {
  const random = createRandom(4);
  const special = [0, -0, 1e-45, -1e-45, 3.4e38, -3.4e38, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const values = Float32Array.from(
    { length: 3_000 },
    (_, i) => special[i] ?? random.normal() * 10 ** random.integer(9),
  );
  expect(sortFloats(values)).toEqual(values.map(value => value + 0).sort());
  expect(sortFloats(Float32Array.of(Number.NaN, 2, Number.NaN, 1))).toEqual(Float32Array.of(1, 2));
});
