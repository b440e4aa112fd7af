import { sequentialRadius } from './confidence-sequence.ts';

/** What an experiment shall find. */
export interface PowerOptions {
  /** Smallest difference of means that matters, above 0. */
  readonly effect: number;
  /** What a unit contributes to the variance of the difference. */
  readonly variancePerUnit: number;
  /** @default - 0.05 */
  readonly alpha?: number;
}

/** 80 % quantile of the standard normal distribution. */
const quantileOfPower = 0.8416212335729143;

/**
 * Units of all groups together at which the sequential interval excludes 0 with a probability of 80 % if the true difference is `effect`.
 * Counted for one look at that size; looking earlier only adds to it.
 */
export function requiredUnits({ effect, variancePerUnit, alpha = 0.05 }: PowerOptions): number {
  const effectInDeviations = effect / Math.sqrt(variancePerUnit);
  const isPowerful = (count: number) =>
    sequentialRadius(count, alpha) + quantileOfPower / Math.sqrt(count) <= effectInDeviations;
  let enough = 1;
  while (!isPowerful(enough)) enough *= 2;
  let tooFew = enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isPowerful(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
