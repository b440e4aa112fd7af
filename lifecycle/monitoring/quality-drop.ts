import { type Metric, type MetricName, metrics } from '../../ml/metrics/metrics.ts';
import type { RetrainRules } from '../../use-cases/monitoring-policy.ts';
import type { Evaluation } from '../training/evaluation.ts';
import type { Figures } from './measure-quality.ts';

/** How much worse a metric is than on the holdout. */
export interface QualityDrop {
  readonly metric: MetricName;
  readonly reference: number;
  readonly value: number;
  /** Above 0 is worse, whatever the metric's own direction. */
  readonly drop: number;
  /** With 95 % confidence it is at least this: the holdout's own sampling error counts as well. */
  readonly atLeast: number;
  /** More than this is a reason to retrain; null where no drop is. */
  readonly accepted: number | null;
  readonly isDrop: boolean;
}

/** Compares a window with the holdout; null where either has no figure. @param rule null: ROC AUC is compared, and never a reason */
export function findDrop(
  rule: RetrainRules['qualityDrop'],
  window: Figures | null,
  holdout: Evaluation,
): QualityDrop | null {
  const metric = rule?.metric ?? 'roc_auc';
  const [now, before] = [window?.[metric], holdout.metrics?.[metric]];
  if (!before || now?.value == null || now.low == null || now.high == null) return null;
  const { higherIsBetter }: Metric = metrics[metric];
  const drop = higherIsBetter ? before.value - now.value : now.value - before.value;
  const error = Math.hypot(now.high - now.low, before.high - before.low) / (2 * 1.96);
  const atLeast = drop - 1.645 * error;
  return {
    ...{ metric, reference: before.value, value: now.value, drop, atLeast },
    accepted: rule?.by ?? null,
    isDrop: rule !== null && atLeast > rule.by,
  };
}
