import { readFileSync } from 'node:fs';
import { createRandom } from '../../../ml/random.ts';
import { type MultinomialOptions, multinomialLogOdds } from '../../../ml/sequential/multinomial-odds.ts';
import { testSampleRatio } from '../../../ml/sequential/sample-ratio.ts';
import { isShareExceeded } from '../../../ml/sequential/share-test.ts';

/** Made by test/reference/sequential.py with SciPy. */
const reference: { multinomial: (MultinomialOptions & { odds: number })[] } = JSON.parse(
  readFileSync('test/reference/sequential.json', 'utf8'),
);

describe('odds against shares', () => {
  test.each(reference.multinomial)('of $counts against $shares are as SciPy has them', ({ odds, ...options }) => {
    // SciPy subtracts logarithms of factorials that are a million times as large.
    expect(multinomialLogOdds(options)).toBeCloseTo(odds, 6);
  });

  test('are the product of what each unit adds', () => {
    const shares = [0.7, 0.3];
    const prior = [2, 5];
    const counts = [0, 0];
    let odds = 0;
    for (const unit of [0, 1, 1, 0, 0, 0, 1, 0]) {
      const expected = (prior[unit]! + counts[unit]!) / (7 + counts[0]! + counts[1]!);
      odds += Math.log(expected / shares[unit]!);
      counts[unit]!++;
      expect(multinomialLogOdds({ counts, shares, prior })).toBeCloseTo(odds, 10);
    }
  });
});

describe('the test of sample ratios', () => {
  test('says nothing before the first unit', () => {
    expect(testSampleRatio([0, 0], [0.5, 0.5])).toEqual({ odds: 1, isMismatch: false });
  });

  test('hardly ever finds a mismatch that is none, however often one looks', () => {
    const random = createRandom(3);
    let mismatches = 0;
    for (let experiment = 0; experiment < 100; experiment++) {
      const counts = [0, 0];
      let isFound = false;
      for (let unit = 0; unit < 500 && !isFound; unit++) {
        counts[random.uniform() < 0.95 ? 0 : 1]!++;
        isFound = unit % 5 === 0 && testSampleRatio(counts, [0.95, 0.05], 0.05).isMismatch;
      }
      if (isFound) mismatches++;
    }
    // Of 100 at 5 %, more than 11 come up in 1 % of the cases.
    expect(mismatches).toBeLessThanOrEqual(11);
  });

  test('finds a tenth of the units missing from one arm', () => {
    expect(testSampleRatio([10_000, 9_000], [0.5, 0.5]).isMismatch).toBe(true);
    expect(testSampleRatio([10_000, 9_900], [0.5, 0.5]).isMismatch).toBe(false);
  });

  test('takes a unit where none may be for a mismatch, and bounds its odds', () => {
    expect(testSampleRatio([10, 1], [1, 0]).isMismatch).toBe(true);
    expect(testSampleRatio([10, 0], [1, 0])).toEqual({ odds: 1, isMismatch: false });
    expect(testSampleRatio([1_000_000, 0], [0.5, 0.5])).toEqual({ odds: 1e99, isMismatch: true });
  });
});

describe('the test of a share', () => {
  const of = (count: number, trials: number) => isShareExceeded({ count, of: trials, limit: 0.01, alpha: 0.001 });

  test.each([
    [0, 0, false],
    [0, 10_000, false],
    [1, 1, false],
    [2, 2, true],
    [100, 10_000, false],
    [110, 10_000, false],
    [200, 10_000, true],
    [10_000, 10_000, true],
  ])('finds %d of %d above one in a hundred: %s', (count, trials, isExceeded) => {
    expect(of(count, trials)).toBe(isExceeded);
  });

  test('finds more with every event', () => {
    for (const trials of [10, 300, 1_000]) {
      const found = Array.from({ length: trials + 1 }, (_, count) => of(count, trials));
      expect(found.indexOf(true)).toBe(found.lastIndexOf(false) + 1);
    }
  });
});
