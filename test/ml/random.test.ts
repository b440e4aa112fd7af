import { createRandom, shuffle } from '../../ml/random.ts';

test('createRandom() gives the same numbers for the same seed, on every machine', () => {
  const random = createRandom(42);
  const drawn = [random.uniform(), random.integer(1000), random.normal(), random.normal()];
  expect(drawn).toEqual([0.548852479234541, 281, 0.0019761469610490856, -0.8755707702784085]);
});

test('createRandom() gives other numbers for another seed, in either half of it', () => {
  const firsts = [0, 1, -1, 2 ** 32, 2 ** 40].map(seed => createRandom(seed).uniform());
  expect(new Set(firsts).size).toBe(firsts.length);
});

test('createRandom() refuses a seed that is no safe integer', () => {
  expect(() => createRandom(0.5)).toThrow('Cannot seed with 0.5: expected a safe integer');
  expect(() => createRandom(2 ** 60)).toThrow(RangeError);
});

test('uniform() is in [0, 1) with mean 1/2 and variance 1/12', () => {
  const random = createRandom(1);
  const values = Float64Array.from({ length: 100_000 }, () => random.uniform());
  expect(values.every(value => value >= 0 && value < 1)).toBe(true);
  expect(moments(values).mean).toBeCloseTo(0.5, 2);
  expect(moments(values).variance).toBeCloseTo(1 / 12, 3);
});

test('integer() draws each value equally often', () => {
  const random = createRandom(2);
  const counts = new Int32Array(7);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]! += 1;
  // Standard deviation of a count: √(70,000 · 1/7 · 6/7) = 93.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test.each([1, 7, 36_000, 3 * 2 ** 30])('integers() draws what as many calls of integer() do, below %d', bound => {
  const [one, many] = [createRandom(4), createRandom(4)];
  const drawn = new Int32Array(200);
  many.integers(bound, drawn);
  expect(drawn).toEqual(drawn.map(() => one.integer(bound)));
  expect(many.uniform()).toBe(one.uniform());
});

test('integer() refuses a bound outside [1, 2^32]', () => {
  const random = createRandom(3);
  expect(random.integer(1)).toBe(0);
  for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 33]) expect(() => random.integer(bound)).toThrow(RangeError);
});

test('normal() has mean 0, variance 1 and the tails of the normal law', () => {
  const random = createRandom(4);
  const values = Float64Array.from({ length: 100_000 }, () => random.normal());
  expect(moments(values).mean).toBeCloseTo(0, 1.5);
  expect(moments(values).variance).toBeCloseTo(1, 1.5);
  expect(values.filter(value => Math.abs(value) > 1.959964).length / values.length).toBeCloseTo(0.05, 2);
});

test('shuffle() permutes in place, evenly', () => {
  const random = createRandom(5);
  const seen = new Map<string, number>();
  for (let i = 0; i < 6_000; i++) {
    const order = shuffle([1, 2, 3], random).join('');
    seen.set(order, (seen.get(order) ?? 0) + 1);
  }
  expect(seen.size).toBe(6);
  for (const count of seen.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
});

function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}
