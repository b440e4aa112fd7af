/** Sums of derivatives over rows, in units of the quantized ones: integers. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
}

/** A way to part a node. */
export interface Split {
  readonly feature: number;
  /** Of a number, bins up to this one go left. */
  readonly bin: number;
  /** Whether missing values go left; of a category, they are a level or go right. */
  readonly missingLeft: boolean;
  /** The levels of a category that go left; undefined for a number. */
  readonly levels: Uint8Array | undefined;
  /** The sum of both sides' `leafScore`, in units of the quantized derivatives. */
  readonly score: number;
  readonly left: Sums;
}

/** What a split must reach. */
export interface SplitOptions {
  /** Least gain. */
  readonly minSplitGain: number;
  /** Least sum of second derivatives on either side. */
  readonly minChildWeight: number;
  /** Levels in a node up to which each is tried alone, rather than sets of them. */
  readonly oneLevelUpTo: number;
  /** Added to `lambda` where sets of levels are compared, since the order of levels is itself fitted. */
  readonly categoryLambda: number;
  /** Added to a level's second derivatives where levels are put in order, so that rare ones stay near the middle. */
  readonly categorySmoothing: number;
}
