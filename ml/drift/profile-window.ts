/** Rows of a window in the bins, or the levels, of the reference. */
export interface FeatureWindow {
  readonly counts: readonly number[];
  /** Mean of the clipped values in each bin, whatever number where there is none; empty of a category feature. */
  readonly means: readonly number[];
  readonly missing: number;
  /** Rows of a level that the reference lacks; 0 of a number feature. */
  readonly unseen: number;
  /** Rows outside the reference's range; they are in the outer bins as well. 0 of a category feature. */
  readonly outOfRange: number;
}

/** A window as it is compared with a reference profile. */
export interface ProfileWindow {
  readonly rows: number;
  /** In the order of the profile's features; null where the window's rows cannot have the feature. */
  readonly features: readonly (FeatureWindow | null)[];
  readonly scores: Pick<FeatureWindow, 'counts' | 'means'>;
}
