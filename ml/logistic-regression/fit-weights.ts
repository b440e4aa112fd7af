import type { IterationListener } from '../training-curve.ts';
import { minimizeByLbfgs } from './lbfgs.ts';
import type { WeighedRows } from './log-loss.ts';
import { minimizeByNewton } from './newton.ts';
import type { Minimum } from './penalty.ts';

/** The penalty's strength and kind, and when to stop. */
export interface WeightOptions {
  /** Inverse of the strength. */
  readonly C: number;
  /** Share of the penalty that is L1. */
  readonly l1Ratio: number;
  /** Steps at most. */
  readonly maxIter: number;
  readonly tolerance: number;
  readonly onIteration?: IterationListener | undefined;
}

/** Columns above which second derivatives cost more than the iterations they save: 500² of them are 2 MB and a tenth of a second. */
export const newtonColumns = 500;

/** Minimizes Σ log loss + (l1Ratio ‖w‖₁ + (1 − l1Ratio) ‖w‖² / 2) / C by the method that suits the width. */
export function fitWeights(rows: WeighedRows, start: Float64Array, { C, l1Ratio, ...search }: WeightOptions): Minimum {
  const penalty = { l1: l1Ratio / C, l2: (1 - l1Ratio) / C };
  return rows.matrix.columnCount <= newtonColumns
    ? minimizeByNewton(rows, start, { ...search, penalty })
    : minimizeByLbfgs(rows, start, { ...search, penalty });
}
