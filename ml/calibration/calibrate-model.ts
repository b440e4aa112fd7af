import type { FeatureColumn } from '../columns.ts';
import { createModel, type Fitted, type Model } from '../fitted-model.ts';
import { halfVote } from '../random-forest/random-forest.ts';
import { logOdds } from './log-odds.ts';
import type { PlattScaling } from './platt-scaling.ts';

/** What `calibrateModel` scales: the log odds of what a model predicts for the given rows. */
export function predictLogOdds(
  { fitted, predict }: Model,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float64Array {
  const probabilities = predict(columns, rows);
  return fitted.algorithm === 'random-forest'
    ? logOdds(probabilities, halfVote(fitted.trees.length))
    : logOdds(probabilities);
}

/**
 * A model whose log odds go through Platt scaling: fitted to out-of-fold log odds it makes up for resampled training rows. Since log odds are sums of
 * weights or leaves, the scaling goes into these: the calibrated model is one of the same algorithm, and its export needs no operator more.
 */
export function calibrateModel({ fitted }: Model, scaling: PlattScaling): Model {
  return createModel(scaleFitted(fitted, scaling));
}

function scaleFitted(fitted: Fitted, { slope, offset }: PlattScaling): Fitted {
  switch (fitted.algorithm) {
    case 'logistic-regression': {
      const coefficients = fitted.coefficients.map(weight => weight * slope);
      return { ...fitted, coefficients, intercept: Math.fround(fitted.intercept * slope + offset) };
    }
    case 'gradient-boosting': {
      const trees = fitted.trees.map(tree => ({ ...tree, value: tree.value.map(leaf => leaf * slope) }));
      return { ...fitted, trees, baseScore: Math.fround(fitted.baseScore * slope + offset) };
    }
    case 'random-forest': {
      const { slope: before, offset: start } = fitted.scaling ?? { slope: 1, offset: 0 };
      return {
        ...fitted,
        scaling: { slope: Math.fround(before * slope), offset: Math.fround(start * slope + offset) },
      };
    }
    case 'support-vector': {
      const { scaling } = fitted;
      return {
        ...fitted,
        scaling: { slope: Math.fround(scaling.slope * slope), offset: Math.fround(scaling.offset * slope + offset) },
      };
    }
  }
}
