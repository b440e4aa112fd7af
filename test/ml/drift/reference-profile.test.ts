import { type FeatureColumn, missingCode, unseenCode } from '../../../ml/columns.ts';
import { countBins, quantileEdges } from '../../../ml/drift/histogram.ts';
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
  const profile = buildReferenceProfile({ columns, rows: range(0, 4), scores: Float64Array.of(0.25, 0.75), bins: 2 });
  expect(profile).toEqual({
    rows: 4,
    features: [
      { kind: 'number', name: 'age', missing: 1, edges: [40], counts: [1, 2] },
      { kind: 'category', name: 'job', levels: ['clerk', 'nurse'], counts: [0, 2], missing: 1, unseen: 1 },
    ],
    scores: { rows: 2, edges: [0.75], counts: [1, 1] },
  });
  expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
});
