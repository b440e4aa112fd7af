import type { IterationListener } from './training-curve.ts';
import type { Threads } from './trees/threads.ts';

/** What a fit may use beside the rows. */
export interface FitOptions {
  /** Entity of each row of the data: what a fit keeps aside has all rows of one, or none. @default - each row for itself */
  readonly groups?: ArrayLike<string | number> | undefined;
  /** Threads to compute on; the model does not depend on them. @default - the caller's alone */
  readonly threads?: Threads | undefined;
  /** What early stopping is judged by. @default - a part of the fitted rows, which is then not fitted on */
  readonly aside?: Aside | undefined;
  /** Told how the fit comes along. @default - no one, and nothing is measured for it */
  readonly onIteration?: IterationListener | undefined;
}

/** Rows of the data that are not fitted on. */
export interface Aside {
  readonly rows: Int32Array;
  /** How much a row of each class counts. */
  readonly weights: { readonly negative: number; readonly positive: number };
}

/** The group of each of the given rows: without groups the row itself, so that a row drawn twice still stays on one side. */
export function takeGroups(rows: Int32Array, groups: FitOptions['groups']): ArrayLike<string | number> {
  return groups ? Array.from(rows, row => groups[row]!) : rows;
}
