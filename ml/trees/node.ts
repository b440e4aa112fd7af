import type { Bounds, LeafOptions } from './leaf-value.ts';
import type { Split, SplitOptions, Sums } from './split.ts';

/** How far a tree grows, and by what splits. */
export interface GrowOptions extends SplitOptions, LeafOptions {
  /** Whether nodes are split level by level, or always the one that gains most. */
  readonly growth: 'depth-wise' | 'leaf-wise';
  /** Splits on the way to a leaf at most. */
  readonly maxDepth: number;
  readonly maxLeaves: number;
  /** Largest absolute value of a leaf; 0: no limit. */
  readonly maxDeltaStep: number;
  /** Of each feature: 1 where predictions may only rise with it, −1 where they may only fall, else 0. */
  readonly directions: Int8Array;
  /** Share of each leaf's value that is kept. */
  readonly learningRate: number;
}

/** A node that has not been looked at. */
export interface Seed {
  readonly id: number;
  readonly depth: number;
  readonly sums: Sums;
  readonly bounds: Bounds;
}

/** A node with the split that is best for it, if any gains. */
export interface Node extends Seed {
  readonly split: Split | undefined;
  /** Half of what the split takes off the penalized loss, less `minSplitGain`. */
  readonly gain: number;
  children?: readonly [number, number];
}
