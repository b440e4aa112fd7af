import { drawCombinations, expandGrid } from '../../../ml/selection/parameter-grid.ts';

test('expandGrid() gives every combination, the last parameter varying fastest', () => {
  expect(expandGrid({ maxDepth: [3, 5], alpha: [0, 0.1] })).toEqual([
    { maxDepth: 3, alpha: 0 },
    { maxDepth: 3, alpha: 0.1 },
    { maxDepth: 5, alpha: 0 },
    { maxDepth: 5, alpha: 0.1 },
  ]);
  expect(expandGrid({ maxDepth: [3, 5, 7], learningRate: [0.01, 0.1], alpha: [0, 0.1, 1] })).toHaveLength(18);
  expect(expandGrid({})).toEqual([{}]);
});

test('a parameter without a value is refused', () => {
  expect(() => expandGrid({ trees: [] })).toThrow('Cannot expand the grid: "trees" has no value to try');
  expect(() => drawCombinations({ trees: [], rate: { low: 0, high: 1 } }, 2, 1)).toThrow('"trees": it has no value');
});

test('drawCombinations() of lists draws none twice, and all at most', () => {
  const space = { a: [1, 2, 3], b: ['x', 'y'] };
  const drawn = drawCombinations(space, 4, 1);
  expect(new Set(drawn.map(combination => JSON.stringify(combination))).size).toBe(4);
  expect(drawCombinations(space, 100, 1)).toHaveLength(6);
  expect(drawCombinations(space, 100, 1)).toEqual(expect.arrayContaining(expandGrid(space)));
});

test('drawCombinations() of ranges stays within them, whole where asked, even on the scale asked for', () => {
  const drawn = drawCombinations(
    {
      trees: { low: 1, high: 4, whole: true },
      learningRate: { low: 0.01, high: 1, scale: 'log' },
      gamma: { low: -1, high: 1 },
      kernel: ['rbf'],
    },
    4_000,
    2,
  );
  for (const { trees, learningRate, gamma, kernel } of drawn) {
    expect([1, 2, 3, 4]).toContain(trees);
    expect(learningRate).toBeGreaterThanOrEqual(0.01);
    expect(learningRate).toBeLessThanOrEqual(1);
    expect(Math.abs(Number(gamma))).toBeLessThanOrEqual(1);
    expect(kernel).toBe('rbf');
  }
  const shareWhere = (holds: (parameters: Record<string, unknown>) => boolean) => drawn.filter(holds).length / 4_000;
  // Four standard errors of a share of 4,000 draws.
  expect(shareWhere(({ trees }) => trees === 4)).toBeCloseTo(0.25, 1);
  expect(Math.abs(shareWhere(({ learningRate }) => Number(learningRate) < 0.1) - 0.5)).toBeLessThan(0.032);
  expect(Math.abs(shareWhere(({ gamma }) => Number(gamma) < 0) - 0.5)).toBeLessThan(0.032);
});

test('the seed alone decides the draws', () => {
  const space = { C: { low: 0.1, high: 10, scale: 'log' } } as const;
  expect(drawCombinations(space, 5, 3)).toEqual(drawCombinations(space, 5, 3));
  expect(drawCombinations(space, 5, 3)).not.toEqual(drawCombinations(space, 5, 4));
});

test('empty ranges, logarithms of 0 and no draw are refused', () => {
  expect(() => drawCombinations({ C: { low: 2, high: 1 } }, 1, 1)).toThrow(
    'Cannot draw "C" from [2, 1]: expected finite bounds, the lower first',
  );
  expect(() => drawCombinations({ C: { low: 0, high: 1, scale: 'log' } }, 1, 1)).toThrow('finite bounds above 0');
  expect(() => drawCombinations({ C: [1] }, 0, 1)).toThrow('count is 0, expected 1 or more');
});
