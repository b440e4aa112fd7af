import { log } from '../arithmetic/log.ts';

// Looked up once: where tests run, each look at a global costs more than a draw.
const { abs, max, min, sqrt } = Math;

/** Rows in each bin. */
export type Counts = ArrayLike<number>;

/** Numbers in the bins of a reference: rows in each, and the mean of their values. */
export interface BinnedNumbers {
  readonly counts: Counts;
  readonly means: Counts;
}

/**
 * Wasserstein distance in standard deviations of the reference: how far the mean row moved, one way or the other, where each row stands at the mean of
 * the rows of its bin. 0 where the reference does not spread.
 */
export function wassersteinDistance(
  reference: BinnedNumbers & { readonly deviation: number },
  window: BinnedNumbers,
): number {
  const { counts, means, deviation } = reference;
  if (deviation === 0) return 0;
  const [ofReference, ofWindow] = [1 / total(counts), 1 / total(window.counts)];
  let distance = 0;
  let other = 0;
  let otherRest = window.counts[0]! * ofWindow;
  for (let bin = 0; bin < counts.length; bin++) {
    let rest = counts[bin]! * ofReference;
    // Rows are paired from the lowest up: the pairing that moves them least.
    while (rest > 0) {
      while (otherRest <= 0 && other < counts.length - 1) otherRest = window.counts[++other]! * ofWindow;
      const moved = otherRest > 0 ? min(rest, otherRest) : rest;
      distance += moved * abs(means[bin]! - window.means[other]!);
      rest -= moved;
      otherRest -= moved;
    }
  }
  return distance / deviation;
}

/** Jensen–Shannon distance: the root of the divergence in bits, in [0, 1]. */
export function jensenShannonDistance(reference: Counts, window: Counts): number {
  const [ofReference, ofWindow] = [total(reference), total(window)];
  let divergence = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const before = reference[bin]! / ofReference;
    const now = window[bin]! / ofWindow;
    const middle = (before + now) / 2;
    if (before > 0) divergence += before * log(before / middle);
    if (now > 0) divergence += now * log(now / middle);
  }
  return sqrt(max(0, divergence / (2 * naturalLogOfTwo)));
}

/** Population stability index, with half a row more in each bin so that an empty one does not make it infinite. */
export function populationStabilityIndex(reference: Counts, window: Counts): number {
  const ofReference = total(reference) + reference.length / 2;
  const ofWindow = total(window) + reference.length / 2;
  let index = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const before = (reference[bin]! + 0.5) / ofReference;
    const now = (window[bin]! + 0.5) / ofWindow;
    index += (now - before) * log(now / before);
  }
  return index;
}

/**
 * The greatest change of a bin's share, in standard errors: what tells best that one level of many became more or less frequent. The reference counts
 * with a row more in each bin, so that a rare one has a standard error.
 */
export function greatestShareChange(reference: Counts, window: Counts): number {
  const ofReference = total(reference) + reference.length;
  const ofWindow = total(window);
  const variance = 1 / ofReference + 1 / ofWindow;
  let greatest = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const before = (reference[bin]! + 1) / ofReference;
    const change = window[bin]! / ofWindow - before;
    greatest = max(greatest, (change * change) / (before * (1 - before)));
  }
  return sqrt(greatest / variance);
}

const naturalLogOfTwo = log(2);

/** Rows of all bins. */
export function total(counts: Counts): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin]!;
  return sum;
}
