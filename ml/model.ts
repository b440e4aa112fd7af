import type { LabelledColumns } from './columns.ts';
import type { FitOptions } from './fit-options.ts';
import { createModel, type Fitted, type Model } from './fitted-model.ts';
import { fitGradientBoosting } from './gradient-boosting/gradient-boosting.ts';
import { completeParameters, type GradientBoostingParameters } from './gradient-boosting/parameters.ts';
import { fitLogisticRegression } from './logistic-regression/logistic-regression.ts';
import type { LogisticRegressionParameters } from './logistic-regression/parameters.ts';
import type { RandomForestParameters } from './random-forest/parameters.ts';
import { fitRandomForest, requireCountableRows } from './random-forest/random-forest.ts';
import { fitResampled } from './resampling/fit-resampled.ts';
import type { Resampling } from './resampling/parameters.ts';
import { requireFewOfClass } from './resampling/smote.ts';
import type { SupportVectorParameters } from './support-vector/parameters.ts';
import { fitSupportVector, requireFewRows } from './support-vector/support-vector.ts';

/** An algorithm with its parameters. */
type AlgorithmCandidate =
  | ({ readonly algorithm: 'logistic-regression' } & LogisticRegressionParameters)
  | ({ readonly algorithm: 'gradient-boosting' } & GradientBoostingParameters)
  | ({ readonly algorithm: 'random-forest' } & RandomForestParameters)
  | ({ readonly algorithm: 'support-vector' } & SupportVectorParameters);

/** An algorithm with its parameters, and how the rows that it is fitted on are resampled. */
export type Candidate = AlgorithmCandidate & {
  /** The fitted model is calibrated on rows that are not. @default - not at all */
  readonly resampling?: Resampling;
};

/**
 * Fits a model. The same candidate, rows and seed give the same model on every machine.
 *
 * @param rows the only rows looked at, for preprocessing too
 * @param seed decides whatever an algorithm draws
 * @throws {RangeError} when the rows are of one class, or a parameter is out of range
 */
export function fitModel(
  { resampling, ...candidate }: Candidate,
  data: LabelledColumns,
  rows: Int32Array,
  seed: number,
  options: FitOptions = {},
): Model {
  if (!resampling) return createModel(fitCandidate(candidate, data, rows, seed, options));
  return fitResampled({
    ...{ resampling, data, rows, seed, options, validationShare: shareAside(candidate) },
    train: (resampled, options) => createModel(fitCandidate(candidate, resampled.data, resampled.rows, seed, options)),
  });
}

/**
 * Refuses more rows than can be resampled, or an algorithm be fitted on, before anything is. How many there are of resampled rows shows only then.
 *
 * @param labels of all rows
 * @throws {TooManyRowsError} @throws {RangeError}
 */
export function requireRowLimit({ algorithm, resampling }: Candidate, labels: Uint8Array): void {
  const rows = labels.length;
  if (resampling?.method === 'smote') {
    const positives = labels.reduce((sum, label) => sum + label, 0);
    requireFewOfClass(Math.min(positives, rows - positives));
  }
  if (resampling) return;
  if (algorithm === 'support-vector') requireFewRows(rows);
  if (algorithm === 'random-forest') requireCountableRows(rows);
}

/** Share of the rows that early stopping keeps aside. */
function shareAside(candidate: AlgorithmCandidate): number | undefined {
  if (candidate.algorithm !== 'gradient-boosting') return undefined;
  const { earlyStoppingRounds, validationShare } = completeParameters(candidate);
  return earlyStoppingRounds > 0 ? validationShare : undefined;
}

function fitCandidate(
  candidate: AlgorithmCandidate,
  data: LabelledColumns,
  rows: Int32Array,
  seed: number,
  options: FitOptions,
): Fitted {
  switch (candidate.algorithm) {
    case 'logistic-regression':
      return fitLogisticRegression(candidate, data, rows, seed, options);
    case 'gradient-boosting':
      return fitGradientBoosting(candidate, data, rows, seed, options);
    case 'random-forest':
      return fitRandomForest(candidate, data, rows, seed, options);
    case 'support-vector':
      return fitSupportVector(candidate, data, rows, seed, options);
  }
}
