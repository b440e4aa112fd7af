import { logOdds } from '../calibration/log-odds.ts';
import { applyPlattScaling, type PlattScaling } from '../calibration/platt-scaling.ts';
import { weighClasses } from '../class-weight.ts';
import type { FeatureColumn, LabelledColumns } from '../columns.ts';
import { type FitOptions, takeGroups } from '../fit-options.ts';
import { rocAuc } from '../metrics/ranking.ts';
import { encodeForTrees, fitTreeEncoding, type TreeEncoding } from '../preprocessing/tree-encoding.ts';
import { createRandom } from '../random.ts';
import { binRows, findBins } from '../trees/bin-rows.ts';
import { maximumBins } from '../trees/binning.ts';
import { addTree, type Tree } from '../trees/tree.ts';
import { type ForestWorkspace, openForestWorkspace } from './forest-workspace.ts';
import { growForest } from './grow-forest.ts';
import { orderLevels } from './order-levels.ts';
import { completeForestParameters, type RandomForestParameters } from './parameters.ts';

/** Trees that vote: everything that a prediction or an export needs. */
export interface RandomForest {
  readonly algorithm: 'random-forest';
  /** Levels in the order in which trees cut them. */
  readonly encoding: TreeEncoding;
  /** The values of a row's leaves, whole numbers of `voteUnit`, add up to its probability. */
  readonly trees: readonly Tree[];
  /** Applied to the log odds of the probability, where the forest is calibrated. */
  readonly scaling: PlattScaling | undefined;
  readonly outOfBag: OutOfBag;
}

/** 2⁻²²: sums of as many of it as make 1 are exact even in float32, so that an exported forest adds its votes up as the trainer does. */
export const voteUnit = 2.384185791015625e-7;

/**
 * Least probability that so many trees are taken to mean, where they are calibrated: what half a vote of one tree more would come to, rounded down to a power
 * of two. That none of them votes for a label does not make it impossible.
 */
export function halfVote(trees: number): number {
  let least = 0.5;
  while (least * 2 * (trees + 1) > 1) least /= 2;
  return least;
}

/**
 * How good the trees are on rows that they were not grown from, each row judged by those trees alone. There is none where rows are repeated or made up, or
 * entities have several: what a tree was not grown from has a like among what it was.
 */
export interface OutOfBag {
  /** Rows that some tree was not grown from. */
  readonly rows: number;
  /** NaN where those are of one class, or none. */
  readonly rocAuc: number;
  /** NaN where there are none. */
  readonly brierScore: number;
}

/** Most rows that can be fitted: as many fit a histogram's cells. */
export const maximumForestRows = 2_097_151;

/** @throws {RangeError} above 2,097,151 rows */
export function requireCountableRows(rows: number): void {
  if (rows > maximumForestRows) {
    throw new RangeError(`Cannot fit a random forest on ${rows} rows: expected at most ${maximumForestRows}`);
  }
}

/**
 * Fits trees, each to rows drawn with repeats, each of whose splits is the best of a few features drawn (Breiman).
 *
 * @param rows the only rows looked at
 * @param seed decides what is drawn
 * @throws {RangeError} when the rows are of one class or too many, or parameters are out of range (all of them named)
 */
export function fitRandomForest(
  parameters: RandomForestParameters,
  data: LabelledColumns,
  rows: Int32Array,
  seed: number,
  { groups, threads, onIteration }: FitOptions = {},
): RandomForest {
  const complete = completeForestParameters(parameters);
  const labels = takeLabels(data.labels, rows);
  const isApart = new Set(Array.from(takeGroups(rows, groups))).size === rows.length;
  const encoding = orderLevels(fitTreeEncoding(data.columns, rows, maximumBins), data.columns, rows, labels);
  const workspace = openForestWorkspace({
    rowCount: rows.length,
    features: findBins(encoding, data.columns, rows, complete.maxBins),
    maxDepth: complete.maxDepth ?? maximumForestRows,
    minSamplesLeaf: complete.minSamplesLeaf,
    threads,
  });
  try {
    binRows(workspace, encoding, data.columns, rows);
    const weights = weighClasses(complete.classWeight, labels);
    const trees = growForest({
      ...{ workspace, labels, weights, random: createRandom(seed), parameters: complete },
      onTrees:
        isApart && onIteration
          ? iteration => onIteration({ iteration, outOfBag: brierOfVotes(workspace, labels) })
          : undefined,
    });
    return {
      algorithm: 'random-forest',
      encoding,
      trees: trees.map(shareVotes),
      scaling: undefined,
      outOfBag: isApart ? countVotes(workspace, labels) : noEstimate,
    };
  } finally {
    workspace.close();
  }
}

/** Probability of the positive class of each given row: the mean of the trees', scaled where the forest is calibrated. */
export function predictRandomForest(
  { encoding, trees, scaling }: RandomForest,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float64Array {
  const features = encodeForTrees(encoding, columns, rows);
  const sums = new Float64Array(rows.length);
  for (const tree of trees) addTree(tree, features, sums);
  return scaling ? applyPlattScaling(scaling, logOdds(sums, halfVote(trees.length))) : sums;
}

/** Turns a tree's leaf values, shares of positives, into its part of the forest's vote. The parts are whole units, and add up to 1. */
function shareVotes(tree: Tree, index: number, { length }: { readonly length: number }): Tree {
  const first = Math.floor(index / length / voteUnit);
  const part = Math.floor((index + 1) / length / voteUnit) - first;
  return { ...tree, value: tree.value.map(share => Math.floor(share * part + 0.5) * voteUnit) };
}

function takeLabels(labels: Uint8Array, rows: Int32Array): Uint8Array {
  requireCountableRows(rows.length);
  const taken = Uint8Array.from(rows, row => labels[row]!);
  if (!(taken.includes(0) && taken.includes(1))) {
    throw new RangeError(`Cannot fit on ${rows.length} rows of one class: expected both labels 0 and 1`);
  }
  return taken;
}

const noEstimate: OutOfBag = { rows: 0, rocAuc: Number.NaN, brierScore: Number.NaN };

function countVotes(workspace: ForestWorkspace, labels: Uint8Array): OutOfBag {
  const { integers, doubles, at } = workspace;
  const voted = Int32Array.from(labels, (_, row) => row).filter(row => integers[at.voters / 4 + row]! > 0);
  const scores = Float64Array.from(voted, row => doubles[at.votes / 8 + row]! / integers[at.voters / 4 + row]!);
  const own = Uint8Array.from(voted, row => labels[row]!);
  const isMixed = own.includes(0) && own.includes(1);
  return {
    rows: voted.length,
    rocAuc: isMixed ? rocAuc(own, scores) : Number.NaN,
    brierScore: brierOfVotes(workspace, labels),
  };
}

/** Brier score of the rows that have votes. */
function brierOfVotes({ integers, doubles, at }: ForestWorkspace, labels: Uint8Array): number {
  let sum = 0;
  let voted = 0;
  for (let row = 0; row < labels.length; row++) {
    const voters = integers[at.voters / 4 + row]!;
    if (voters === 0) continue;
    const error = doubles[at.votes / 8 + row]! / voters - labels[row]!;
    sum += error * error;
    voted += 1;
  }
  return sum / voted;
}
