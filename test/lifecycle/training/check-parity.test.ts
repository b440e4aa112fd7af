import { checkParity, ModelParityError } from '../../../lifecycle/training/check-parity.ts';

test('checkParity returns the largest difference', () => {
  expect(checkParity(Float64Array.of(0.5, 0.2, 1), Float64Array.of(0.5, 0.200_001, 1))).toBeCloseTo(1e-6, 12);
  expect(checkParity(new Float64Array(0), new Float64Array(0))).toBe(0);
});

test.each([
  ['above the tolerance', 0.300_011],
  ['NaN', Number.NaN],
])('checkParity refuses an answer that is %s, naming its row', (_, answer) => {
  const check = () => checkParity(Float64Array.of(0.5, answer), Float64Array.of(0.5, 0.3));
  expect(check).toThrow(ModelParityError);
  expect(check).toThrow(`Exported model answers ${answer} for row 1, trainer 0.3`);
});
