import { evaluateScores, type MetricReport } from '../../ml/metrics/evaluate.ts';
import type { MetricName } from '../../ml/metrics/metrics.ts';

/** How well probabilities, and the decisions made by them, fit the labels of the same rows. */
export interface Evaluation {
  readonly rows: number;
  readonly positives: number;
  /** Each figure with its 95 % bootstrap interval, and what predicting the base rate reaches; null where the rows are all of one label. */
  readonly metrics: Readonly<Record<MetricName, MetricReport>> | null;
}

export interface EvaluateOptions {
  readonly labels: Uint8Array;
  /** Probabilities of the positive class. */
  readonly scores: Float64Array;
  /** Probability at or above which the decision is positive. */
  readonly threshold: number;
  /** Decides the bootstrap's draws. */
  readonly seed: number;
}

/** Evaluates probabilities on rows that they were not fitted on. */
export function evaluate(options: EvaluateOptions): Evaluation {
  const rows = options.labels.length;
  const positives = options.labels.reduce((sum, label) => sum + label, 0);
  const isDefined = positives > 0 && positives < rows;
  return { rows, positives, metrics: isDefined ? evaluateScores(options) : null };
}
