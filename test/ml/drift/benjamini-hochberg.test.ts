import { rejectionLevels } from '../../../ml/drift/benjamini-hochberg.ts';

const family = (pValues: readonly number[]) => pValues.map(pValue => ({ pValue, weight: 1 }));

test("equal weights give Benjamini and Hochberg's own procedure", () => {
  // Their example, 1995: four of 15 hypotheses are rejected at .05.
  const pValues = [
    ...[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459],
    ...[0.324, 0.4262, 0.5719, 0.6528, 0.759, 1],
  ];
  const levels = rejectionLevels(family(pValues), 0.05);
  expect(pValues.filter((pValue, i) => pValue <= levels[i]!)).toHaveLength(4);
  expect(levels[0]).toBeCloseTo((0.05 * 4) / 15, 12);
});

test('where nothing is rejected, the level is the one that the first rejection needs', () => {
  expect(rejectionLevels(family([0.9, 0.2]), 0.05)).toEqual([0.025, 0.025]);
});

test('weights part the level, and their sum does not matter', () => {
  const levels = rejectionLevels(
    [
      { pValue: 1, weight: 3 },
      { pValue: 1, weight: 1 },
    ],
    0.04,
  );
  expect(levels[0]).toBeCloseTo(0.03, 12);
  expect(levels[1]).toBeCloseTo(0.01, 12);
});

test('no hypothesis has no level', () => {
  expect(rejectionLevels([], 0.05)).toEqual([]);
});
