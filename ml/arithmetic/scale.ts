/**
 * `value` · 2^`exponent`, rounded once.
 *
 * @param value normal, about 1
 * @param exponent integer in [−1100, 1024]
 */
export function scale(value: number, exponent: number): number {
  if (exponent > 1023) return value * powersOfTwo[2097]! * 2;
  if (exponent < -1022) return value * powersOfTwo[exponent + 64 + 1074]! * twoToMinus64;
  return value * powersOfTwo[exponent + 1074]!;
}

/** 2^(i − 1074), exact by repeated doubling. */
const powersOfTwo = new Float64Array(2098);
powersOfTwo[0] = Number.MIN_VALUE;
for (let i = 1; i < powersOfTwo.length; i++) powersOfTwo[i] = powersOfTwo[i - 1]! * 2;
const twoToMinus64 = powersOfTwo[1074 - 64]!;
