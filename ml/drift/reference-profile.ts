import { type BinnedCalibration, fitBinnedCalibration } from '../calibration/binned-calibration.ts';
import { type CategoryColumn, type FeatureColumn, missingCode, type NumberColumn } from '../columns.ts';
import { withoutMissing } from '../preprocessing/imputation.ts';
import { buildHistogram, type Histogram } from './histogram.ts';

/** How a number feature spread over the training rows. */
export interface NumberProfile extends Histogram {
  readonly kind: 'number';
  readonly name: string;
  readonly missing: number;
}

/** How a category feature spread over the training rows. */
export interface CategoryProfile {
  readonly kind: 'category';
  readonly name: string;
  readonly levels: readonly string[];
  /** Rows of each level. */
  readonly counts: readonly number[];
  readonly missing: number;
  /** Rows of a level that is not among them. */
  readonly unseen: number;
}

/** Per-feature and score histograms of the rows that a model was trained on: what later rows are compared with. Plain JSON. */
export interface ReferenceProfile {
  readonly rows: number;
  readonly features: readonly (NumberProfile | CategoryProfile)[];
  /** Of the probabilities of the positive class, out of fold where there are folds. */
  readonly scores: Histogram & { readonly rows: number; readonly calibration: BinnedCalibration };
}

/** What to profile. */
export interface ProfileOptions {
  readonly columns: readonly FeatureColumn[];
  /** The training rows. */
  readonly rows: Int32Array;
  /** Probabilities of the positive class; their own row count may differ. */
  readonly scores: Float64Array;
  /** Of the same rows as the scores. */
  readonly labels: Uint8Array;
  /** Bins of a number feature and of the scores, at most. @default - 20 */
  readonly bins?: number;
}

/** Counts every feature and the scores into bins of about equal size. */
export function buildReferenceProfile({ columns, rows, scores, labels, bins = 20 }: ProfileOptions): ReferenceProfile {
  return {
    rows: rows.length,
    features: columns.map(column =>
      column.kind === 'number' ? profileNumber(column, rows, bins) : profileCategory(column, rows),
    ),
    scores: {
      rows: scores.length,
      ...buildHistogram(Float32Array.from(scores), bins),
      calibration: fitBinnedCalibration(scores, labels, bins),
    },
  };
}

function profileNumber({ name, values }: NumberColumn, rows: Int32Array, bins: number): NumberProfile {
  const picked = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]!]!;
  const present = withoutMissing(picked);
  return { kind: 'number', name, missing: rows.length - present.length, ...buildHistogram(present, bins) };
}

function profileCategory({ name, levels, codes }: CategoryColumn, rows: Int32Array): CategoryProfile {
  const counts = levels.map(() => 0);
  let missing = 0;
  let unseen = 0;
  for (const row of rows) {
    const code = codes[row]!;
    if (code === missingCode) missing += 1;
    else if (code in counts) counts[code]! += 1;
    else unseen += 1;
  }
  return { kind: 'category', name, levels, counts, missing, unseen };
}
