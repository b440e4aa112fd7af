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

/** Fills in the defaults. @throws {RangeError} naming every parameter that is out of range */
export function completeParameters(parameters: GradientBoostingParameters): CompleteParameters {
  const maxDepth = parameters.maxDepth ?? 6;
  const complete = { ...defaults, maxDepth, maxLeaves: leavesOf(maxDepth), ...parameters };
  const problems = (Object.keys(ranges) as (keyof CompleteParameters)[])
    .filter(name => !ranges[name].accepts(complete[name]))
    .map(name => `${name} is ${complete[name]}, expected ${ranges[name].words}`);
  if (problems.length > 0) throw new RangeError(`Cannot fit gradient boosting: ${problems.join('; ')}`);
  return complete;
}

const defaults = {
  trees: 100,
  learningRate: 0.1,
  minChildWeight: 1,
  lambda: 1,
  alpha: 0,
  gamma: 0,
  subsample: 1,
  columnsByTree: 1,
  maxBins: maximumBins,
};

function leavesOf(maxDepth: number): number {
  return maxDepth < 16 ? 1 << maxDepth : 65536;
}

interface Range {
  readonly words: string;
  readonly accepts: (value: number) => boolean;
}

const share: Range = { words: 'a number above 0, at most 1', accepts: value => value > 0 && value <= 1 };
const penalty: Range = {
  words: 'a finite number, 0 or above',
  accepts: value => value >= 0 && value < Number.POSITIVE_INFINITY,
};

function integer(low: number, high: number): Range {
  return {
    words: `an integer in [${low}, ${high}]`,
    accepts: value => Number.isInteger(value) && value >= low && value <= high,
  };
}

const ranges: Readonly<Record<keyof CompleteParameters, Range>> = {
  trees: integer(1, 10_000),
  learningRate: share,
  maxDepth: integer(1, 30),
  maxLeaves: integer(2, 65_536),
  minChildWeight: penalty,
  lambda: penalty,
  alpha: penalty,
  gamma: penalty,
  subsample: share,
  columnsByTree: share,
  maxBins: integer(2, maximumBins),
};
