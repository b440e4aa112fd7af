import type { CandidatePreset } from '../../contracts/tasks.ts';
import type { Algorithm } from '../../ml/candidate.ts';
import type { Resampling } from '../../ml/resampling/parameters.ts';
import type { ParameterGrid, Parameters } from '../../ml/selection/parameter-grid.ts';
import type { RandomSearch } from '../../use-cases/define-use-case.ts';

/** An algorithm with the parameters that all its candidates share, and the grid and the search of those in which they differ. */
export interface PresetEntry {
  readonly algorithm: Algorithm;
  readonly parameters?: Parameters;
  readonly grid?: ParameterGrid | undefined;
  readonly search?: RandomSearch | undefined;
}

/** The rarer class five times as large. */
const smote: Resampling = { method: 'smote', k: 3, percentageOver: 400 };
/** Each candidate once on rows as they are, and once on resampled ones. */
const withAndWithout: ParameterGrid = { resampling: [undefined, smote] };

const treesAndDepths: ParameterGrid = { trees: [50, 100, 150], maxDepth: [3, 5, 10] };

/** The presets. */
export const presets: Readonly<Record<CandidatePreset, readonly PresetEntry[]>> = {
  quick: [
    { algorithm: 'logistic-regression', grid: { C: [0.1, 1] } },
    { algorithm: 'gradient-boosting', parameters: { trees: 100, maxDepth: 4, learningRate: 0.1 } },
  ],
  thorough: [
    { algorithm: 'logistic-regression', grid: { C: [0.01, 0.1, 1, 10] } },
    {
      algorithm: 'gradient-boosting',
      parameters: { learningRate: 0.05, subsample: 0.8, columnsByTree: 0.8 },
      grid: { trees: [100, 300], maxDepth: [3, 4, 6], minChildWeight: [1, 10] },
    },
    { algorithm: 'random-forest', parameters: { trees: 300 }, grid: { maxDepth: [10, 20], minSamplesLeaf: [1, 5] } },
  ],
  r1: [
    { algorithm: 'random-forest', grid: { trees: [10, 20, 30], maxDepth: [5, 10], resampling: [undefined] } },
    { algorithm: 'gradient-boosting', parameters: { resampling: smote }, grid: { trees: [3, 6], maxDepth: [2, 10] } },
  ],
  // Without its choice of solver: both come to the same optimum but for a penalty on the intercept, so half of the grid would change next to nothing.
  r2: [
    { algorithm: 'logistic-regression', grid: { C: [0.1, 1], classWeight: [undefined, 'balanced'] } },
    { algorithm: 'gradient-boosting', grid: { learningRate: [0.1, 1], ...treesAndDepths } },
    { algorithm: 'random-forest', grid: { minImpurityDecrease: [0.2, 0.4], ...treesAndDepths } },
  ],
  r3: [
    {
      algorithm: 'gradient-boosting',
      parameters: { trees: 100, earlyStoppingRounds: 10 },
      grid: { maxDepth: [3, 5, 7], learningRate: [0.01, 0.1], alpha: [0, 0.1, 1], ...withAndWithout },
    },
    { algorithm: 'logistic-regression', grid: { C: [1, 0.1, 10], ...withAndWithout } },
    { algorithm: 'logistic-regression', parameters: { C: 1, l1Ratio: 1 }, grid: withAndWithout },
    ...[
      { trees: 100, maxDepth: 10, minSamplesSplit: 5 },
      { trees: 200, maxDepth: 15, minSamplesSplit: 5 },
      { trees: 150, maxDepth: 20, minSamplesSplit: 10 },
      { trees: 100, minSamplesSplit: 2 },
    ].map(parameters => ({ algorithm: 'random-forest', parameters, grid: withAndWithout }) as const),
  ],
};
