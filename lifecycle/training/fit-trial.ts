import { bestThreshold } from '../../ml/metrics/best-threshold.ts';
import { fitModel, type Model } from '../../ml/model.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { isHoldout } from '../datasets/holdout.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import { type CrossValidation, crossValidate, type FoldMetrics, measureFolds } from './cross-validate.ts';
import { type Evaluation, evaluate } from './evaluation.ts';
import type { Trial } from './plan-trials.ts';

/** A candidate fitted and evaluated. */
export interface FittedTrial {
  /** Fitted on all rows outside the holdout. */
  readonly model: Model;
  readonly trainingRows: Int32Array;
  readonly holdoutRows: Int32Array;
  /** Predictions of the training rows, each by a model that has not seen it. */
  readonly outOfFold: CrossValidation;
  /** Probability at or above which the decision is positive: the most profitable one out of fold. */
  readonly threshold: number;
  readonly foldMetrics: FoldMetrics;
  readonly metrics: { readonly outOfFold: Evaluation; readonly holdout: Evaluation };
}

/**
 * Cross-validates a candidate outside the holdout, chooses its threshold there, and fits it on all those rows. The holdout only measures the result.
 *
 * @throws {RangeError} when a label occurs in fewer entities than there are folds
 */
export function fitTrial(useCase: UseCase, dataset: Dataset, { parameters, seed }: Trial): FittedTrial {
  const { trainingRows, holdoutRows } = splitRows(dataset.entityIds);
  const { folds } = useCase.training;
  const { entityIds } = dataset;
  const outOfFold = crossValidate({ data: dataset, entityIds, rows: trainingRows, folds, parameters, seed });
  const { threshold } = bestThreshold(outOfFold.labels, outOfFold.scores, useCase.decision.profit);
  const model = fitModel(parameters, dataset, trainingRows, seed);
  const holdout = {
    labels: Uint8Array.from(holdoutRows, row => dataset.labels[row]!),
    scores: model.predict(dataset.columns, holdoutRows),
  };
  return {
    model,
    trainingRows,
    holdoutRows,
    outOfFold,
    threshold,
    foldMetrics: measureFolds(outOfFold, threshold),
    metrics: {
      outOfFold: evaluate({ labels: outOfFold.labels, scores: outOfFold.scores, threshold, seed }),
      holdout: evaluate({ ...holdout, threshold, seed }),
    },
  };
}

/** Row numbers outside and inside the permanent holdout. */
export function splitRows(entityIds: readonly string[]): { trainingRows: Int32Array; holdoutRows: Int32Array } {
  const held = entityIds.map(isHoldout);
  const rows = Int32Array.from(held.keys());
  return { trainingRows: rows.filter(row => !held[row]), holdoutRows: rows.filter(row => held[row]) };
}
