/** What the mature observations of a use case look like, feature by feature, as `GET /use-cases/{useCase}/profile` answers. */
export type ProfileResponse = DataProfile | NoProfile;

/** There is nothing to look at yet. */
export interface NoProfile {
  readonly status: 'insufficient data';
  readonly reason: string;
}

export interface DataProfile {
  readonly status: 'profiled';
  readonly useCase: string;
  readonly title: string;
  /** Snapshot of the observations that was read: a 64-bit integer, as a decimal string. */
  readonly snapshotId: string;
  /** ISO instant. */
  readonly createdAt: string;
  /** ISO instant up to which, inclusive, events count. */
  readonly matureUntil: string;
  readonly rows: number;
  readonly positives: number;
  readonly label: { readonly meaning: string; readonly positive: string; readonly negative: string };
  readonly features: readonly FeatureProfile[];
  /** Every two features, each pair once. */
  readonly associations: readonly Association[];
  /** Features that alone predict too well to be true; the strongest first. */
  readonly suspects: readonly LeakSuspect[];
}

export interface FeatureProfile {
  readonly name: string;
  readonly type: 'number' | 'integer' | 'category' | 'boolean';
  readonly meaning: string;
  readonly missing: number;
  /** Null for categories and booleans, and where every value is missing. */
  readonly numbers: NumberSummary | null;
  /** Levels, or the bins of a histogram; those of no row are there too. Missing values are in none. */
  readonly cells: readonly Cell[];
  /** Null with labels of one class only. */
  readonly withLabel: WithLabel | null;
}

export interface NumberSummary {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Of all rows, not of a sample. */
  readonly standardDeviation: number;
  /** Approximate, by their share: `0.01`, `0.05`, `0.25`, `0.5`, `0.75`, `0.95`, `0.99`. */
  readonly quantiles: Readonly<Record<string, number>>;
}

/** Rows of a level, or of a bin `[from, to)`; the first and the last bin have all that lies beyond. */
export interface Cell {
  readonly name: string;
  readonly rows: number;
  readonly positives: number;
}

/** How much a feature alone says about the label. */
export interface WithLabel {
  readonly measure: Measure;
  readonly value: number;
  /** In bits, of the cells and that of missing values; corrected for the bias of small samples (Miller and Madow). */
  readonly mutualInformation: number;
  /**
   * Area under the ROC curve at best: of a number's rank, turned where it falls, or of the cells in the order of their share of positives. At least 0.5; many
   * small cells flatter it.
   */
  readonly auc: number;
}

/** Pearson's correlation of two numbers; Cramér's V of two categories, corrected for bias; the correlation ratio η of a number by a category. */
export type Measure = 'correlation' | "Cramér's V" | 'correlation ratio';

export interface Association {
  readonly features: readonly [string, string];
  readonly measure: Measure;
  /** In [−1, 1] for a correlation, else in [0, 1]; null where a feature is constant. */
  readonly value: number | null;
}

export interface LeakSuspect {
  readonly feature: string;
  readonly auc: number;
  readonly reason: string;
}
