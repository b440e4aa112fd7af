/** Number, integer or boolean feature, rounded to float32 as the exported model will see it. NaN = missing. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  readonly values: Float32Array;
}

/** Category feature as indices into `levels`. −1 = missing, −2 = a level that is not among them. */
export interface CategoryColumn {
  readonly kind: 'category';
  readonly name: string;
  readonly levels: readonly string[];
  readonly codes: Int32Array;
}

/** A feature's values over all rows; the unit that kernels and preprocessing read. */
export type FeatureColumn = NumberColumn | CategoryColumn;

/** `codes` entry of a missing value. */
export const missingCode = -1;
/** `codes` entry of a level that is not among `levels`. */
export const unseenCode = -2;

/** Features and labels (0 or 1) of the same rows. */
export interface LabelledColumns {
  readonly columns: readonly FeatureColumn[];
  readonly labels: Uint8Array;
}
