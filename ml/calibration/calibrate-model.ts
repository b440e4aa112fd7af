import { log } from '../arithmetic/log.ts';
import { createModel, type Fitted, type Model } from '../model.ts';
import type { PlattScaling } from './platt-scaling.ts';

/**
 * A model whose log odds go through Platt scaling: fitted to out-of-fold log odds it makes up for resampled training rows. Since log odds are sums of
 * weights or leaves, the scaling goes into these: the calibrated model is one of the same algorithm, and its export needs no operator more.
 */
export function calibrateModel({ fitted }: Model, scaling: PlattScaling): Model {
  return createModel(scaleFitted(fitted, scaling));
}

/** ln(p / (1 − p)) of probabilities, which are taken as 2⁻⁵² from 0 and 1 at least. */
export function logOdds(probabilities: Float64Array): Float64Array {
  return probabilities.map(probability => {
    const inside = Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON);
    return log(inside / (1 - inside));
  });
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
    case 'support-vector': {
      const { scaling } = fitted;
      return {
        ...fitted,
        scaling: { slope: Math.fround(scaling.slope * slope), offset: Math.fround(scaling.offset * slope + offset) },
      };
    }
  }
}
