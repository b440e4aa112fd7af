import { fitStandardization, standardize } from '../../../ml/preprocessing/standardization.ts';

test('a standardized column has mean 0 and standard deviation 1', () => {
  const standardization = fitStandardization(Float32Array.of(2, 4, 4, 4, 5, 5, 7, 9));
  expect(standardization).toEqual({ offset: 5, scale: 0.5 });
  expect(standardize(9, standardization)).toBe(2);
});

test.each([
  ['small', [3, 3, 3]],
  ['not a float32', [0.1, 0.1, 0.1]],
  ['large', [16777216, 16777216]],
])('a constant that is %s is only shifted', (_, values) => {
  const standardization = fitStandardization(Float32Array.from(values));
  expect(standardization).toEqual({ offset: Math.fround(values[0]!), scale: 1 });
});

test('a spread whose inverse no float32 can hold is none', () => {
  expect(fitStandardization(Float32Array.of(1e-44, 3e-44)).scale).toBe(1);
  expect(fitStandardization(Float32Array.of(1e-37, 3e-37)).scale).toBeCloseTo(1e37, -34);
});

test('standardize() rounds to float32 after each operation, as the exported graph does', () => {
  const standardization = { offset: Math.fround(0.1), scale: Math.fround(1 / 3) };
  const value = Math.fround(2.7);
  expect(standardize(value, standardization)).toBe(
    Math.fround(Math.fround(value - standardization.offset) * standardization.scale),
  );
});
