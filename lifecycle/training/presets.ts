import type { ParameterGrid, Parameters } from '../../ml/selection/parameter-grid.ts';
import type { CandidatePreset } from '../../use-cases/define-use-case.ts';

/** An algorithm with the parameters that all its candidates share, and the grid of those in which they differ. */
export interface PresetEntry {
  readonly algorithm: string;
  readonly parameters?: Parameters;
  readonly grid?: ParameterGrid;
}

const treesAndDepths: ParameterGrid = { trees: [50, 100, 150], maxDepth: [3, 5, 10] };

/** The presets. An algorithm that cannot be fitted yet is passed over when a preset is expanded. */
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
  // Without its choice of solver: both come to the same optimum, so the half of the grid would change nothing.
  r2: [
    { algorithm: 'logistic-regression', grid: { C: [0.1, 1], classWeight: [undefined, 'balanced'] } },
    { algorithm: 'gradient-boosting', grid: { learningRate: [0.1, 1], ...treesAndDepths } },
    { algorithm: 'random-forest', grid: { minImpurityDecrease: [0.2, 0.4], ...treesAndDepths } },
  ],
  r3: [
    {
      algorithm: 'gradient-boosting',
      parameters: { trees: 100, earlyStoppingRounds: 10 },
      grid: { maxDepth: [3, 5, 7], learningRate: [0.01, 0.1], alpha: [0, 0.1, 1] },
    },
    { algorithm: 'logistic-regression', grid: { C: [1, 0.1, 10] } },
    { algorithm: 'logistic-regression', parameters: { C: 1, l1Ratio: 1 } },
    { algorithm: 'random-forest', parameters: { trees: 100, maxDepth: 10, minSamplesSplit: 5 } },
    { algorithm: 'random-forest', parameters: { trees: 200, maxDepth: 15, minSamplesSplit: 5 } },
    { algorithm: 'random-forest', parameters: { trees: 150, maxDepth: 20, minSamplesSplit: 10 } },
    { algorithm: 'random-forest', parameters: { trees: 100, minSamplesSplit: 2 } },
  ],
};
