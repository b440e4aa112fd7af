import { cellsAuc, correlationRatio, cramersV, mutualInformation } from '../../../lifecycle/profile/measures.ts';

describe('Cramér’s V', () => {
  test('is 1 where one category says the other, and 0 where they are independent', () => {
    expect(
      cramersV([
        [50, 0],
        [0, 50],
      ]),
    ).toBeCloseTo(1, 10);
    expect(
      cramersV([
        [30, 60],
        [10, 20],
      ]),
    ).toBe(0);
  });

  test('takes off what chance shows in a small table', () => {
    const table = [
      [12, 8],
      [9, 11],
    ];
    // χ² / n = 0.0225564 is less than (2 − 1)(2 − 1) / (40 − 1).
    expect(cramersV(table)).toBe(0);
    const larger = table.map(row => row.map(count => 100 * count));
    const [squared, excess] = [0.022556390977443608, 1 / 3999];
    expect(cramersV(larger)).toBeCloseTo(Math.sqrt((squared - excess) / (1 - excess)), 12);
  });

  test('says nothing of a constant, nor of no rows', () => {
    expect(cramersV([[3, 4]])).toBeNull();
    expect(
      cramersV([
        [3, 4],
        [0, 0],
      ]),
    ).toBeNull();
    expect(cramersV([])).toBeNull();
  });
});

describe('mutual information', () => {
  test('is a bit where a fair label is known, less the bias', () => {
    expect(
      mutualInformation([
        [500, 0],
        [0, 500],
      ]),
    ).toBeCloseTo(1 - 1 / (2_000 * Math.LN2), 12);
  });

  test('is never below 0', () => {
    expect(
      mutualInformation([
        [5, 5],
        [5, 5],
      ]),
    ).toBe(0);
  });
});

describe('the AUC of cells', () => {
  test('puts cells in the order of their share of positives', () => {
    const cells = [
      { rows: 4, positives: 3 },
      { rows: 0, positives: 0 },
      { rows: 4, positives: 1 },
    ];
    // 16 pairs: 9 won, 6 equal, 1 lost.
    expect(cellsAuc(cells)).toBe(12 / 16);
    expect(cellsAuc(cells.toReversed())).toBe(12 / 16);
  });

  test('is null with labels of one class', () => {
    expect(cellsAuc([{ rows: 4, positives: 4 }])).toBeNull();
    expect(cellsAuc([])).toBeNull();
  });
});

test('the correlation ratio is the share of the variance between groups, as a root', () => {
  // 1, 3 and 5, 7: mean 4, variance 5, of which (2² + 2²) / 2 = 4 lie between the groups.
  const groups = [
    { count: 2, sum: -4 },
    { count: 2, sum: 4 },
  ];
  expect(correlationRatio(groups, Math.sqrt(5))).toBeCloseTo(Math.sqrt(4 / 5), 12);
  expect(correlationRatio(groups, 0)).toBeNull();
  expect(correlationRatio([], 1)).toBeNull();
});
