import { shareChangePValue, sharePower, shareThreshold } from '../../../ml/drift/share-change.ts';

const change = (count: number, rows: number, [inReference, ofReference]: [number, number]) => ({
  reference: { count: inReference, rows: ofReference },
  window: { count, rows },
});

test("the upper tail is that of Fisher's exact test", () => {
  // scipy.stats.fisher_exact([[5, 195], [3, 997]], alternative='greater'), 1.17
  expect(shareChangePValue(change(5, 200, [3, 1_000])) / 2).toBeCloseTo(0.004462025003079, 12);
});

test('the lower tail is that of the exact test as well', () => {
  // 2 · scipy.stats.fisher_exact([[1, 499], [30, 970]], alternative='less'), 1.10
  expect(shareChangePValue(change(1, 500, [30, 1_000]))).toBeCloseTo(0.00010084260637691828, 12);
});

test('a kind of row and all others change alike', () => {
  for (const [count, inReference] of [
    [1, 30],
    [40, 30],
    [0, 0],
    [500, 1_000],
    [0, 1_000],
  ] as const) {
    const others = change(500 - count, 500, [1_000 - inReference, 1_000]);
    expect(shareChangePValue(change(count, 500, [inReference, 1_000]))).toBe(shareChangePValue(others));
  }
});

test('a long window without a kind of row is as a short reference without it', () => {
  expect(shareChangePValue(change(0, 10_000, [0, 100]))).toBe(1);
});

test('an unchanged share is no surprise, however many rows there are', () => {
  expect(shareChangePValue(change(0, 500, [0, 30_000]))).toBe(1);
  expect(shareChangePValue(change(300_000, 1_000_000, [30_000, 100_000]))).toBeGreaterThan(0.9);
});

test('a kind of row that the reference lacks is certain soon', () => {
  expect(shareChangePValue(change(1, 500, [0, 30_000]))).toBeGreaterThan(0.01);
  expect(shareChangePValue(change(4, 500, [0, 30_000]))).toBeLessThan(1e-6);
});

test('shareThreshold() is the least count that is significant', () => {
  const clean = change(0, 500, [30, 1_000]);
  const threshold = shareThreshold(clean, 0.001);
  expect(shareChangePValue(change(threshold, 500, [30, 1_000]))).toBeLessThanOrEqual(0.001);
  expect(shareChangePValue(change(threshold - 1, 500, [30, 1_000]))).toBeGreaterThan(0.001);
});

test('sharePower() rises with the rows', () => {
  const power = [20, 100, 3_000].map(rows => {
    const clean = change(0, rows, [300, 10_000]);
    return sharePower(clean, 0.02, shareThreshold(clean, 0.001));
  });
  expect(power[0]).toBeLessThan(0.05);
  expect(power[1]).toBeLessThan(0.5);
  expect(power[2]).toBeGreaterThan(0.5);
});
