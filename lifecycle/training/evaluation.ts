import { type Improvement, pairedBootstrap } from '../../ml/metrics/bootstrap.ts';
import { evaluateScores, type MetricReport } from '../../ml/metrics/evaluate.ts';
import type { MetricName } from '../../ml/metrics/metrics.ts';

/** How well probabilities, and the decisions made by them, fit the labels of the same rows. */
export interface Evaluation {
  readonly rows: number;
  readonly positives: number;
  /** Each figure with its 95 % bootstrap interval, and what predicting the base rate reaches; null where the rows are all of one label. */
  readonly metrics: Readonly<Record<MetricName, MetricReport>> | null;
  /** By how much log loss is better than that of always answering the share of positives, and the lower end of the one-sided 95 % interval; null as above. */
  readonly aboveBaseRate: Improvement | null;
}

export interface EvaluateOptions {
  readonly labels: Uint8Array;
  /** Probabilities of the positive class. */
  readonly scores: Float64Array;
  /** Probability at or above which the decision is positive. */
  readonly threshold: number;
  /** Decides the bootstrap's draws. */
  readonly seed: number;
  /** Entity of each row, where one may have several. @default - each row for itself */
  readonly groups?: readonly string[] | undefined;
}

/** Evaluates probabilities on rows that they were not fitted on. */
export function evaluate(options: EvaluateOptions): Evaluation {
  const rows = options.labels.length;
  const positives = options.labels.reduce((sum, label) => sum + label, 0);
  const isDefined = positives > 0 && positives < rows;
  return {
    rows,
    positives,
    metrics: isDefined ? evaluateScores(options) : null,
    aboveBaseRate: isDefined ? compareWithConstant({ ...options, constant: positives / rows }) : null,
  };
}

/**
 * Compares probabilities with one that is the same for all rows, by log loss: every constant has the same ROC AUC, and at rare positives the best
 * accuracy is had by always answering "no", but log loss is a proper score, in which no constant is better than the share of positives.
 */
export function compareWithConstant({
  labels,
  scores,
  seed,
  groups,
  constant,
}: Omit<EvaluateOptions, 'threshold'> & { readonly constant: number }): Improvement {
  const champion = new Float64Array(labels.length).fill(constant);
  return pairedBootstrap({ metric: 'log_loss', labels, candidate: scores, champion, seed, groups });
}
