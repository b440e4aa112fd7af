import type { Model } from '../../ml/fitted-model.ts';
import { fitModel } from '../../ml/model.ts';
import type { Threads } from '../../ml/trees/threads.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import type { Run, RunModel } from '../registry/runs.ts';
import type { CrossValidation } from './cross-validate.ts';
import { evaluate } from './evaluation.ts';
import { groupByEntity } from './group-by-entity.ts';
import { splitRows } from './split-rows.ts';

/** A candidate fitted on everything that may be fitted on. */
export interface FittedTrial {
  /** Fitted on all rows outside the holdout. */
  readonly model: Model;
  readonly trainingRows: Int32Array;
  readonly holdoutRows: Int32Array;
  readonly metrics: RunModel['metrics'];
}

/**
 * Fits a trial's own parameters on all rows outside the holdout. The holdout only measures the result, at the threshold that was chosen out of fold: figures
 * of decisions flatter the rows out of fold a little, and the holdout's not.
 */
export function fitTrial(
  dataset: Dataset,
  { parameters, seed, threshold }: Pick<Run, 'parameters' | 'seed' | 'threshold'>,
  outOfFold: CrossValidation,
  threads?: Threads,
): FittedTrial {
  const { entityIds } = dataset;
  const { trainingRows, holdoutRows } = splitRows(entityIds);
  const model = fitTrainingRows(dataset, { parameters, seed }, threads);
  const holdout = {
    labels: Uint8Array.from(holdoutRows, row => dataset.labels[row]!),
    scores: model.predict(dataset.columns, holdoutRows),
  };
  return {
    model,
    trainingRows,
    holdoutRows,
    metrics: {
      outOfFold: evaluate({
        ...{ labels: outOfFold.labels, scores: outOfFold.scores, threshold, seed },
        groups: groupByEntity(entityIds, trainingRows),
      }),
      holdout: evaluate({ ...holdout, threshold, seed, groups: groupByEntity(entityIds, holdoutRows) }),
    },
  };
}

/** Fits a candidate on all rows outside the holdout. */
export function fitTrainingRows(
  dataset: Dataset,
  { parameters, seed }: Pick<Run, 'parameters' | 'seed'>,
  threads?: Threads,
): Model {
  const { entityIds } = dataset;
  return fitModel(parameters, dataset, splitRows(entityIds).trainingRows, seed, { groups: entityIds, threads });
}
