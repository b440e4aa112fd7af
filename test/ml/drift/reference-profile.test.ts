import { type FeatureColumn, missingCode, unseenCode } from '../../../ml/columns.ts';
import { acceptedRange, buildHistogram, countBins, quantileEdges } from '../../../ml/drift/histogram.ts';
import { buildReferenceProfile } from '../../../ml/drift/reference-profile.ts';
import { createRandom } from '../../../ml/random.ts';
import { range } from '../made-up-rows.ts';

test('quantileEdges() gives bins of about equal size', () => {
  const random = createRandom(1);
  const values = Float32Array.from({ length: 10_000 }, () => random.normal());
  const edges = quantileEdges(values, 10);
  expect(edges).toHaveLength(9);
  for (const count of countBins(values, edges)) expect(count).toBe(1_000);
});

test('quantileEdges() gives each of a few distinct values its own bin', () => {
  const values = Float32Array.of(0, 1, 0, 2, 1, 0, 2, 2, 0, 1);
  expect(quantileEdges(values, 10)).toEqual([1, 2]);
  expect(countBins(values, [1, 2])).toEqual([4, 3, 3]);
});

test('a value too frequent for its share makes fewer bins', () => {
  const values = Float32Array.from({ length: 100 }, (_, i) => (i < 90 ? -1 : i));
  const edges = quantileEdges(values, 20);
  expect(edges).toEqual([90, 95]);
  expect(countBins(values, edges)).toEqual([90, 5, 5]);
});

test('a value on an edge belongs to the bin above it, and values beyond the edges to the outer bins', () => {
  expect(countBins(Float32Array.of(1, 2, 1.9999999, 1e30, -1e30), [1, 2])).toEqual([1, 2, 2]);
});

test('no value makes one empty bin', () => {
  expect(quantileEdges(new Float32Array(0), 10)).toEqual([]);
  expect(countBins(new Float32Array(0), [])).toEqual([0]);
});

test('buildReferenceProfile() counts the given rows of each feature, and the scores', () => {
  const columns: FeatureColumn[] = [
    { kind: 'number', name: 'age', values: Float32Array.of(30, Number.NaN, 40, 50, 99) },
    {
      kind: 'category',
      name: 'job',
      levels: ['clerk', 'nurse'],
      codes: Int32Array.of(1, missingCode, unseenCode, 1, 0),
    },
  ];
  const profile = buildReferenceProfile({
    columns,
    rows: range(0, 4),
    scores: Float64Array.of(0.25, 0.75),
    labels: Uint8Array.of(0, 1),
    bins: 2,
  });
  expect(profile).toEqual({
    rows: 4,
    features: [
      {
        ...{ kind: 'number', name: 'age', missing: 1, edges: [40], counts: [1, 2] },
        ...{
          clip: [30, 50],
          means: [30, 45],
          deviations: [0, 5],
          deviation: expect.closeTo(8.165, 3),
          range: [30, 50],
        },
      },
      { kind: 'category', name: 'job', levels: ['clerk', 'nurse'], counts: [0, 2], missing: 1, unseen: 1 },
    ],
    scores: {
      ...{ rows: 2, edges: [0.75], counts: [1, 1], clip: [0.25, 0.75] },
      ...{ means: [0.25, 0.75], deviations: [0, 0], deviation: 0.25, range: [0.25, 0.75] },
      calibration: expect.objectContaining({ scored: [expect.closeTo(-1.0986, 4), expect.closeTo(1.0986, 4)] }),
    },
  });
  expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
});

test('a hundredth of the values at either end counts as the percentile there', () => {
  const values = Float32Array.from({ length: 200 }, (_, i) => (i === 7 ? 1e9 : i));
  const { clip, range, deviation } = buildHistogram(values, 20);
  expect(clip).toEqual([2, 198]);
  expect(range).toEqual([0, 1e9]);
  expect(deviation).toBeLessThan(60);
});

test('a constant spreads nowhere', () => {
  const { edges, counts, deviation, range } = buildHistogram(new Float32Array(50).fill(3), 20);
  expect({ edges, counts, deviation, range }).toEqual({ edges: [], counts: [50], deviation: 0, range: [3, 3] });
});

test('a value is out of range when it is beyond the extremes by more than a tenth of the deviation', () => {
  expect(acceptedRange({ range: [10, 20], deviation: 5 })).toEqual([9.5, 20.5]);
  expect(acceptedRange({ range: null, deviation: 0 })).toBeNull();
});
