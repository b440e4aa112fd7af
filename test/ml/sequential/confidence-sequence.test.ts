import { readFileSync } from 'node:fs';
import { createRandom, type Random } from '../../../ml/random.ts';
import {
  differenceInterval,
  meanInterval,
  sequentialRadius,
  variancePerUnit,
} from '../../../ml/sequential/confidence-sequence.ts';
import { addToMoments, type Moments, noMoments, skewnessOf, varianceOf } from '../../../ml/sequential/moments.ts';
import { requiredUnits } from '../../../ml/sequential/power.ts';

interface Reference {
  readonly moments: { readonly values: number[]; mean: number; variance: number; skewness: number };
  readonly radii: { count: number; alpha: number; radius: number }[];
}

/** Made by test/reference/sequential.py with SciPy and NumPy. */
const reference: Reference = JSON.parse(readFileSync('test/reference/sequential.json', 'utf8'));

function momentsOf(values: readonly number[]): Moments {
  return values.reduce(addToMoments, noMoments);
}

describe('moments', () => {
  test('are as SciPy has them', () => {
    const { values, mean, variance, skewness } = reference.moments;
    const moments = momentsOf(values);
    expect(moments.mean).toBeCloseTo(mean, 12);
    expect(varianceOf(moments)).toBeCloseTo(variance, 11);
    expect(skewnessOf(moments)).toBeCloseTo(skewness, 11);
  });

  test('keep their precision far from zero', () => {
    const { values, variance } = reference.moments;
    expect(varianceOf(momentsOf(values.map(value => value + 1e9)))).toBeCloseTo(variance, 5);
  });

  test('have no variance below two values', () => {
    expect(varianceOf(momentsOf([3]))).toBeNaN();
    expect(varianceOf(noMoments)).toBeNaN();
  });
});

describe('a confidence sequence', () => {
  test.each(reference.radii)(
    'reaches as far as the mixture of normals that was integrated numerically: $count values, alpha $alpha',
    ({ count, alpha, radius }) => {
      expect(sequentialRadius(count, alpha)).toBeCloseTo(radius, 8);
    },
  );

  test('narrows with every value', () => {
    const radii = Array.from({ length: 500 }, (_, index) => sequentialRadius(10 * index + 100, 0.05));
    expect(radii.every((radius, index) => index === 0 || radius < radii[index - 1]!)).toBe(true);
  });

  test('says nothing of fewer than a hundred values, of equal ones, or of too few for their skewness', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 99 }, () => random.normal());
    expect(meanInterval(momentsOf(values))).toBeNull();
    expect(meanInterval(momentsOf([...values, 0]))).not.toBeNull();
    expect(meanInterval(momentsOf(Array(1_000).fill(3)))).toBeNull();
    const rare = [...Array(995).fill(0), ...Array(5).fill(1)];
    expect(meanInterval(momentsOf(rare))).toBeNull();
    expect(differenceInterval(momentsOf(rare), momentsOf(values.concat(values)))).toBeNull();
    expect(differenceInterval(momentsOf(values.concat(values)), noMoments)).toBeNull();
  });

  test('of a difference stands around it, with the deviation that both groups have', () => {
    const treated = momentsOf(Array.from({ length: 600 }, (_, index) => (index % 2 === 0 ? 3 : 5)));
    const control = momentsOf(Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 0 : 6)));
    const { estimate, low, high } = differenceInterval(treated, control)!;
    expect(estimate).toBeCloseTo(1, 12);
    const deviation = Math.sqrt(800 * (varianceOf(treated) / 600 + varianceOf(control) / 200));
    expect(Math.sqrt(variancePerUnit(treated, control))).toBeCloseTo(deviation, 12);
    expect(high - estimate).toBeCloseTo(deviation * sequentialRadius(800, 0.05), 12);
    expect(estimate - low).toBeCloseTo(high - estimate, 12);
  });

  /** Whether an interval, looked at after every tenth value, ever misses the true mean. */
  function everMisses(random: Random, draw: (random: Random) => number, mean: number): boolean {
    let moments = noMoments;
    for (let count = 1; count <= 2_000; count++) {
      moments = addToMoments(moments, draw(random));
      const interval = count % 10 === 0 ? meanInterval(moments) : null;
      if (interval && (interval.low > mean || interval.high < mean)) return true;
    }
    return false;
  }

  test.each<[string, (random: Random) => number, number]>([
    ['normal values', random => random.normal(), 0],
    ['rare events', random => (random.uniform() < 0.03 ? 1 : 0), 0.03],
    ['skewed values', random => random.normal() ** 2, 1],
  ])('of %s misses the mean at any of 200 looks in no more than 5 %% of the cases', (_, draw, mean) => {
    const random = createRandom(5);
    const missed = Array.from({ length: 100 }, () => everMisses(random, draw, mean)).filter(Boolean).length;
    // Of 100 at 5 %, more than 11 come up in 1 % of the cases.
    expect(missed).toBeLessThanOrEqual(11);
  });
});

describe('the power hint', () => {
  test('is the number of units at which four in five experiments have found the effect', () => {
    const random = createRandom(9);
    const units = requiredUnits({ effect: 0.4, variancePerUnit: 4 });
    const found = Array.from({ length: 200 }, () => {
      let [treated, control] = [noMoments, noMoments];
      for (let unit = 0; unit < units; unit++) {
        if (unit % 2 === 0) treated = addToMoments(treated, 0.4 + random.normal());
        else control = addToMoments(control, random.normal());
      }
      return differenceInterval(treated, control)!.low > 0;
    }).filter(Boolean).length;
    expect(found / 200).toBeGreaterThan(0.73);
    expect(found / 200).toBeLessThan(0.88);
  });

  test('grows with the variance and falls with the effect', () => {
    const units = requiredUnits({ effect: 0.1, variancePerUnit: 1 });
    expect(requiredUnits({ effect: 0.1, variancePerUnit: 2 })).toBeGreaterThan(units);
    expect(requiredUnits({ effect: 0.2, variancePerUnit: 1 })).toBeLessThan(units);
    expect(requiredUnits({ effect: 0.1, variancePerUnit: 1, alpha: 0.01 })).toBeGreaterThan(units);
  });
});
