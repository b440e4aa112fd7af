import type { BinnedMatrix, FeatureBins } from './binning.ts';
import { featureStride, type Histogram } from './histogram.ts';

/** What a split must reach, and what its leaves are charged. */
export interface SplitOptions {
  /** L2 penalty of leaf values. */
  readonly lambda: number;
  /** L1 penalty of leaf values. */
  readonly alpha: number;
  /** Least gain of a split. */
  readonly gamma: number;
  /** Least sum of second derivatives on either side. */
  readonly minChildWeight: number;
}

/** A way to part a node. Of a number, bins up to `bin` go left; of a category, the level `bin` alone. */
export interface Split {
  readonly feature: number;
  readonly bin: number;
  /** Whether missing values go left; never those of a category, where a missing value is a level. */
  readonly missingLeft: boolean;
  /** Half of what the penalized loss falls by to second order, less gamma. */
  readonly gain: number;
}

/** Sums of derivatives over a node's rows, quantized. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
}

/** A node's sums, from any feature of its histogram. */
export function sumNode(histogram: Histogram): NodeSums {
  let gradient = 0;
  let hessian = 0;
  for (let place = 0; place < featureStride; place += 2) {
    gradient += histogram[place]!;
    hessian += histogram[place + 1]!;
  }
  return { gradient, hessian };
}

/**
 * The split of the highest gain, or none that gains. Of equals the lowest feature, then the lowest bin, then missing values on the right.
 *
 * @param features which may be split, rising
 */
export function findBestSplit(
  matrix: BinnedMatrix,
  histogram: Histogram,
  sums: NodeSums,
  scale: number,
  features: Int32Array,
  options: SplitOptions,
): Split | undefined {
  let best: Split | undefined;
  for (const feature of features) {
    const split = scanFeature(feature, matrix.features[feature]!, histogram, sums, scale, options);
    if (split !== undefined && split.gain > (best?.gain ?? 0)) best = split;
  }
  return best;
}

/** The leaf value that minimizes the penalized loss to second order, from the sums of derivatives. */
export function leafValue(gradient: number, hessian: number, { lambda, alpha }: SplitOptions): number {
  return hessian + lambda > 0 ? -shrink(gradient, alpha) / (hessian + lambda) : 0;
}

function scanFeature(
  feature: number,
  bins: FeatureBins,
  histogram: Histogram,
  sums: NodeSums,
  scale: number,
  options: SplitOptions,
): Split | undefined {
  const first = feature * featureStride;
  const parent = score(sums.gradient / scale, sums.hessian / scale, options);
  const leastHessian = options.minChildWeight * scale;
  let best: Split | undefined;
  const consider = (bin: number, missingLeft: boolean, leftGradient: number, leftHessian: number) => {
    const rightHessian = sums.hessian - leftHessian;
    if (leftHessian < leastHessian || rightHessian < leastHessian || leftHessian === 0 || rightHessian === 0) return;
    const left = score(leftGradient / scale, leftHessian / scale, options);
    const right = score((sums.gradient - leftGradient) / scale, rightHessian / scale, options);
    const gain = (left + right - parent) / 2 - options.gamma;
    if (gain > (best?.gain ?? 0)) best = { feature, bin, missingLeft, gain };
  };
  if (bins.kind === 'category') {
    for (let level = 0; level < bins.levels; level++) {
      consider(level, false, histogram[first + 2 * level]!, histogram[first + 2 * level + 1]!);
    }
    return best;
  }
  const missingGradient = histogram[first + featureStride - 2]!;
  const missingHessian = histogram[first + featureStride - 1]!;
  let gradient = 0;
  let hessian = 0;
  for (let bin = 0; bin < bins.cuts.length; bin++) {
    gradient += histogram[first + 2 * bin]!;
    hessian += histogram[first + 2 * bin + 1]!;
    consider(bin, false, gradient, hessian);
    if (missingHessian > 0) consider(bin, true, gradient + missingGradient, hessian + missingHessian);
  }
  return best;
}

/** Twice what a leaf takes off the loss. */
function score(gradient: number, hessian: number, { lambda, alpha }: SplitOptions): number {
  const shrunk = shrink(gradient, alpha);
  return (shrunk * shrunk) / (hessian + lambda);
}

function shrink(gradient: number, alpha: number): number {
  return gradient > 0 ? Math.max(gradient - alpha, 0) : Math.min(gradient + alpha, 0);
}
