import type { LabelledColumns } from '../columns.ts';

/** Rows to fit on, and the columns that hold them: the given ones, or new ones with made-up rows. */
export interface Resampled {
  readonly data: LabelledColumns;
  /** A row may occur more than once. */
  readonly rows: Int32Array;
  /** Where columns are new: the given row that each of their rows is, or was made up from. */
  readonly sources?: Int32Array;
}

/** Given rows by class. */
export interface Classes {
  /** Label of the rarer class; of equals the positive one. */
  readonly rarer: 0 | 1;
  /** Rows of the rarer class, in the given order. */
  readonly minority: Int32Array;
  /** Rows of the commoner class, in the given order. */
  readonly majority: Int32Array;
}

/** Tells the rows of both classes apart. @throws {RangeError} when one has no row */
export function countClasses(labels: Uint8Array, rows: Int32Array): Classes {
  const positives = rows.filter(row => labels[row] === 1);
  const negatives = rows.filter(row => labels[row] === 0);
  if (positives.length === 0 || negatives.length === 0) {
    throw new RangeError(`Cannot resample ${rows.length} rows of one class: expected both labels 0 and 1`);
  }
  return positives.length <= negatives.length
    ? { rarer: 1, minority: positives, majority: negatives }
    : { rarer: 0, minority: negatives, majority: positives };
}
