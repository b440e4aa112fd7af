import { type ClassWeight, classWeightRange } from '../class-weight.ts';
import {
  checkParameters,
  integerIn,
  oneOf,
  optional,
  type ParameterRange,
  type ParameterTable,
  penalty,
  positive,
  share,
} from '../parameters.ts';
import { maximumBins } from '../trees/binning.ts';

/** Parameters of boosted trees. Without `trees`, early stopping finds how many, and the other defaults suit that: small steps, each from a part of the data. */
export interface GradientBoostingParameters {
  /** How many, at most. @default - 1000 */
  readonly trees?: number;
  /** Share of each tree's values that is added. @default - 0.05 without `trees`, else 0.1 */
  readonly learningRate?: number;
  /** Whether nodes are split level by level, or always the one that gains most. @default - leaf-wise where `maxLeaves` is given, else depth-wise */
  readonly growth?: 'depth-wise' | 'leaf-wise';
  /** Splits on the way to a leaf at most. @default - 30 where `maxLeaves` is given, else 4 without `trees` and 6 with them */
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
  readonly minSplitGain?: number;
  /** Largest absolute value of a leaf before the learning rate; 0: no limit. @default - 0 */
  readonly maxDeltaStep?: number;
  /** Share of the rows that each tree is grown from. @default - 0.8 without `trees`, else 1 */
  readonly subsample?: number;
  /** Share of the features that each tree may split. @default - 0.8 without `trees`, else 1 */
  readonly columnsByTree?: number;
  /** Bins of a feature at most, the one for missing values not counted. @default - 255 */
  readonly maxBins?: number;
  /** How much rows of each class count. @default - all rows alike */
  readonly classWeight?: ClassWeight;
  /** How much more rows of the positive class count. @default - 1 */
  readonly scalePosWeight?: number;
  /** By feature name: 1 where the probability may only rise with a number, −1 where it may only fall. @default - none */
  readonly monotone?: Readonly<Record<string, 1 | -1>>;
  /** Ends training when so many trees in a row have not lowered the loss of rows kept aside, and drops them; 0: never. @default - 30 without `trees`, else 0 */
  readonly earlyStoppingRounds?: number;
  /** Share of the training rows that early stopping keeps aside. @default - 0.1 */
  readonly validationShare?: number;
}

type WithoutDefault = 'classWeight';

/** Parameters with nothing left out that has a default. */
export type CompleteParameters = Required<Omit<GradientBoostingParameters, WithoutDefault>> &
  Pick<GradientBoostingParameters, WithoutDefault>;

const directions: ParameterRange = {
  words: '{"<feature>": 1 or -1, …}',
  accepts: value =>
    typeof value === 'object' && value !== null && Object.values(value).every(sign => sign === 1 || sign === -1),
};

const half: ParameterRange = {
  words: 'a number above 0, at most 0.5',
  accepts: value => share.accepts(value) && (value as number) <= 0.5,
};

/** Boosted trees' parameters: ranges and defaults. */
export const gradientBoostingTable: ParameterTable<GradientBoostingParameters, CompleteParameters> = {
  title: 'gradient boosting',
  ranges: {
    trees: integerIn(1, 10_000),
    learningRate: share,
    growth: oneOf('depth-wise', 'leaf-wise'),
    maxDepth: integerIn(1, 30),
    maxLeaves: integerIn(2, 65_536),
    minChildWeight: penalty,
    lambda: penalty,
    alpha: penalty,
    minSplitGain: penalty,
    maxDeltaStep: penalty,
    subsample: share,
    columnsByTree: share,
    maxBins: integerIn(2, maximumBins),
    classWeight: optional(classWeightRange),
    scalePosWeight: positive,
    monotone: directions,
    earlyStoppingRounds: integerIn(0, 10_000),
    validationShare: half,
  },
  complete: given => {
    const { trees, maxLeaves, maxDepth = maxLeaves === undefined ? (trees === undefined ? 4 : 6) : 30 } = given;
    return {
      trees: 1000,
      learningRate: trees === undefined ? 0.05 : 0.1,
      growth: maxLeaves === undefined ? 'depth-wise' : 'leaf-wise',
      maxDepth,
      maxLeaves: maxDepth < 16 ? 1 << maxDepth : 65_536,
      minChildWeight: 1,
      lambda: 1,
      alpha: 0,
      minSplitGain: 0,
      maxDeltaStep: 0,
      subsample: trees === undefined ? 0.8 : 1,
      columnsByTree: trees === undefined ? 0.8 : 1,
      maxBins: maximumBins,
      scalePosWeight: 1,
      monotone: {},
      earlyStoppingRounds: trees === undefined ? 30 : 0,
      validationShare: 0.1,
      ...given,
    };
  },
};

/** Fills in the defaults. @throws {InvalidParametersError} naming every parameter that is out of range */
export function completeParameters(parameters: GradientBoostingParameters): CompleteParameters {
  return checkParameters(gradientBoostingTable, parameters);
}
