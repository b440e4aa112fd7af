import { checkParameters, integerIn, type ParameterTable, penalty, share } from '../parameters.ts';
import { maximumBins } from '../trees/binning.ts';

/** Parameters of boosted trees. */
export interface GradientBoostingParameters {
  /** How many. @default - 100 */
  readonly trees?: number;
  /** Share of each tree's values that is added. @default - 0.1 */
  readonly learningRate?: number;
  /** Splits on the way to a leaf at most. @default - 6 */
  readonly maxDepth?: number;
  /** Leaves of a tree at most. @default - as many as the depth allows */
  readonly maxLeaves?: number;
  /** Least sum of second derivatives in a leaf. @default - 1 */
  readonly minChildWeight?: number;
  /** L2 penalty of leaf values. @default - 1 */
  readonly lambda?: number;
  /** L1 penalty of leaf values. @default - 0 */
  readonly alpha?: number;
  /** Least gain of a split. @default - 0 */
  readonly gamma?: number;
  /** Share of the rows that each tree is grown from. @default - 1 */
  readonly subsample?: number;
  /** Share of the features that each tree may split. @default - 1 */
  readonly columnsByTree?: number;
  /** Bins of a feature at most, the one for missing values not counted. @default - 255 */
  readonly maxBins?: number;
}

/** Parameters with nothing left out. */
export type CompleteParameters = Required<GradientBoostingParameters>;

/** Boosted trees' parameters: ranges and defaults. */
export const gradientBoostingTable: ParameterTable<GradientBoostingParameters, CompleteParameters> = {
  title: 'gradient boosting',
  ranges: {
    trees: integerIn(1, 10_000),
    learningRate: share,
    maxDepth: integerIn(1, 30),
    maxLeaves: integerIn(2, 65_536),
    minChildWeight: penalty,
    lambda: penalty,
    alpha: penalty,
    gamma: penalty,
    subsample: share,
    columnsByTree: share,
    maxBins: integerIn(2, maximumBins),
  },
  complete: ({ maxDepth = 6, ...given }) => ({
    trees: 100,
    learningRate: 0.1,
    maxDepth,
    maxLeaves: leavesOf(maxDepth),
    minChildWeight: 1,
    lambda: 1,
    alpha: 0,
    gamma: 0,
    subsample: 1,
    columnsByTree: 1,
    maxBins: maximumBins,
    ...given,
  }),
};

/** Fills in the defaults. @throws {InvalidParametersError} naming every parameter that is out of range */
export function completeParameters(parameters: GradientBoostingParameters): CompleteParameters {
  return checkParameters(gradientBoostingTable, parameters);
}

function leavesOf(maxDepth: number): number {
  return maxDepth < 16 ? 1 << maxDepth : 65536;
}
