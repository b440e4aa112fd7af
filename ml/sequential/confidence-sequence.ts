import { log } from '../arithmetic/log.ts';
import { type Moments, skewnessOf, varianceOf } from './moments.ts';

/** An interval that one may look at after every value: that it ever misses the true mean has probability alpha. */
export interface SequentialInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Number of values at which the intervals are narrowest for what they promise; ten times more or fewer cost 7 % and 27 % of width. */
const narrowestAt = 1_000;
/** Values below which no interval is given: that the variance is an estimate matters until there. */
const leastValues = 100;

/**
 * Interval of the mean of independent values; null while they are too few for their skewness.
 *
 * @param alpha @default - 0.05
 */
export function meanInterval(values: Moments, alpha = 0.05): SequentialInterval | null {
  if (!isEnough(values)) return null;
  return around(values.mean, Math.sqrt(varianceOf(values)) * sequentialRadius(values.count, alpha));
}

/**
 * Interval of the difference of two means, `treated − control`, where units are spread over both at random; null while either has too few values for
 * its skewness.
 *
 * @param alpha @default - 0.05
 */
export function differenceInterval(treated: Moments, control: Moments, alpha = 0.05): SequentialInterval | null {
  if (!isEnough(treated) || !isEnough(control)) return null;
  const count = treated.count + control.count;
  const deviation = Math.sqrt(variancePerUnit(treated, control));
  return around(treated.mean - control.mean, deviation * sequentialRadius(count, alpha));
}

/** Variance that a unit, of either group, contributes to the difference of means: it divided by all units is that of the difference. */
export function variancePerUnit(treated: Moments, control: Moments): number {
  const count = treated.count + control.count;
  return count * (varianceOf(treated) / treated.count + varianceOf(control) / control.count);
}

/**
 * Half the width of the interval after `count` values, in standard deviations of a value: Robbins' normal mixture, as the asymptotic confidence sequence
 * of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic confidence sequences
 * (Annals of Statistics 52, 2024).
 */
export function sequentialRadius(count: number, alpha: number): number {
  const scaled = (count / narrowestAt) * narrowestScale(alpha);
  return Math.sqrt((((scaled + 1) / scaled) * log((scaled + 1) / (alpha * alpha))) / count);
}

/** The scale at which the radius is least solves scale = ln((scale + 1) / alpha²); one step from −2 ln(alpha) is near enough. */
function narrowestScale(alpha: number): number {
  const base = -2 * log(alpha);
  return base + log(base + 1);
}

/** Cochran's rule: the mean of n values is near enough to normal from n = 25 · skewness² on. */
function isEnough(values: Moments): boolean {
  const skewness = skewnessOf(values);
  return values.count >= leastValues && values.squares > 0 && values.count >= 25 * skewness * skewness;
}

function around(estimate: number, radius: number): SequentialInterval {
  return { estimate, low: estimate - radius, high: estimate + radius };
}
