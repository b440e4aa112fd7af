import { type ClassWeight, classWeightRange } from '../class-weight.ts';
import { checkParameters, integerIn, optional, type ParameterTable, share } from '../parameters.ts';
import { maximumBins } from '../trees/binning.ts';

/** Parameters of a random forest. */
export interface RandomForestParameters {
  /** How many. @default - 100 */
  readonly trees?: number;
  /** Splits on the way to a leaf at most. @default - no limit */
  readonly maxDepth?: number;
  /** Rows that a node must have to be split, repeats not counted. @default - 2 */
  readonly minSamplesSplit?: number;
  /** Rows that each side of a split must have, repeats not counted. @default - 1 */
  readonly minSamplesLeaf?: number;
  /** Least decrease of the Gini impurity by a split, times the node's share of the tree's rows. @default - 0 */
  readonly minImpurityDecrease?: number;
  /** Share of the features that each split chooses from. @default - the square root of their number */
  readonly columnsBySplit?: number;
  /** Whether each tree is grown from rows drawn with repeats, as many as there are, rather than from all. @default - true */
  readonly bootstrap?: boolean;
  /** Bins of a feature at most, the one for missing values not counted. @default - 255 */
  readonly maxBins?: number;
  /** How much rows of each class count. @default - all rows alike */
  readonly classWeight?: ClassWeight;
}

type WithoutDefault = 'maxDepth' | 'columnsBySplit' | 'classWeight';

/** Parameters with nothing left out that has a default. */
export type CompleteForestParameters = Required<Omit<RandomForestParameters, WithoutDefault>> &
  Pick<RandomForestParameters, WithoutDefault>;

/** A random forest's parameters: ranges and defaults. */
export const randomForestTable: ParameterTable<RandomForestParameters, CompleteForestParameters> = {
  title: 'a random forest',
  ranges: {
    trees: integerIn(1, 10_000),
    maxDepth: optional(integerIn(1, 1_000)),
    minSamplesSplit: integerIn(2, 1_000_000),
    minSamplesLeaf: integerIn(1, 1_000_000),
    minImpurityDecrease: {
      words: 'a number in [0, 1]',
      accepts: value => value === 0 || share.accepts(value),
    },
    columnsBySplit: optional({
      ...share,
      words: `${share.words}, or nothing for the square root of the number of features`,
    }),
    bootstrap: { words: 'true or false', accepts: value => typeof value === 'boolean' },
    maxBins: integerIn(2, maximumBins),
    classWeight: optional(classWeightRange),
  },
  complete: given => ({
    trees: 100,
    minSamplesSplit: 2,
    minSamplesLeaf: 1,
    minImpurityDecrease: 0,
    bootstrap: true,
    maxBins: maximumBins,
    ...given,
  }),
};

/** Fills in the defaults. @throws {InvalidParametersError} naming every parameter that is out of range */
export function completeForestParameters(parameters: RandomForestParameters): CompleteForestParameters {
  return checkParameters(randomForestTable, parameters);
}
