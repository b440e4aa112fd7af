import type { FeatureColumn } from '../columns.ts';
import { type FitOptions, takeGroups } from '../fit-options.ts';
import { encodeRows } from '../preprocessing/design-matrix.ts';
import { fitPreprocessing } from '../preprocessing/fit-preprocessing.ts';
import { countFolds, splitInner } from '../selection/inner-folds.ts';
import { fitWeights, type WeightOptions } from './fit-weights.ts';
import { createLogLoss, evaluateLogLoss, type WeighedRows } from './log-loss.ts';
import { startingPoint } from './starting-point.ts';

/** The values of C that are tried, a power of ten apart. */
export const triedStrengths: readonly number[] = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4];

/** Rows to choose by. */
export interface ChooseStrengthOptions extends Pick<WeighedRows, 'labels' | 'classWeights'> {
  readonly columns: readonly FeatureColumn[];
  readonly rows: Int32Array;
  readonly groups: FitOptions['groups'];
  readonly seed: number;
  readonly search: Omit<WeightOptions, 'C'>;
}

/**
 * Chooses C by the least log loss on inner folds, weighed as the fit is; preprocessing too is fitted without the held rows. Each fit starts where that
 * of the C before ended. Of equals the stronger penalty is chosen.
 *
 * @throws {RangeError} when a class has rows of fewer than two groups
 */
export function chooseStrength(options: ChooseStrengthOptions): number {
  const { labels, rows, groups, seed } = options;
  const folds = splitInner(labels, takeGroups(rows, groups), seed);
  const losses = new Float64Array(triedStrengths.length);
  for (let fold = 0; fold < countFolds(folds); fold++) {
    lossesOfFold(options, folds, fold).forEach((loss, i) => {
      losses[i]! += loss;
    });
  }
  return triedStrengths[losses.indexOf(losses.reduce((least, loss) => Math.min(least, loss)))]!;
}

/** Log loss of the held rows for each C. */
function lossesOfFold(options: ChooseStrengthOptions, folds: Int32Array, fold: number): number[] {
  const { columns, rows, labels, classWeights, search } = options;
  const training = rows.filter((_, i) => folds[i] !== fold);
  const preprocessing = fitPreprocessing(columns, training);
  const weigh = (picked: Int32Array, holds: (i: number) => boolean): WeighedRows => ({
    matrix: encodeRows(preprocessing, columns, picked),
    labels: labels.filter((_, i) => holds(i)),
    classWeights,
  });
  const fitted = weigh(training, i => folds[i] !== fold);
  const held = weigh(
    rows.filter((_, i) => folds[i] === fold),
    i => folds[i] === fold,
  );
  const loss = createLogLoss(held.matrix, 1);
  const block = createLogLoss(held.matrix, 1);
  let weights = startingPoint(fitted);
  return triedStrengths.map(C => {
    weights = fitWeights(fitted, weights, { ...search, C }).weights;
    evaluateLogLoss(held, weights, block, loss);
    return loss.value;
  });
}
