/** The figures that tell how good a model is. `accuracy` counts a probability of .5 or more as positive. */
export const metricNames = ['roc_auc', 'average_precision', 'log_loss', 'brier', 'accuracy'] as const;
export type MetricName = (typeof metricNames)[number];

/** A figure and its 95 % bootstrap interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** How well probabilities fit the labels of the same rows. */
export interface Evaluation {
  readonly rows: number;
  readonly positives: number;
  /** Null where the rows are too few, or all of one label. */
  readonly metrics: Readonly<Record<MetricName, Estimate>> | null;
  /** The same figures for always answering the share of positives in these rows: what any model must beat. */
  readonly baseRate: Readonly<Record<MetricName, number>> | null;
}

/** A figure over folds: its mean, its standard deviation (of the sample), and each fold's own. */
export interface FoldFigure {
  readonly mean: number;
  readonly sd: number;
  readonly folds: readonly number[];
}

export type FoldMetrics = Readonly<Record<MetricName, FoldFigure>>;
