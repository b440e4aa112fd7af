import { log } from '../arithmetic/log.ts';
import { sigmoid } from '../arithmetic/sigmoid.ts';
import { weighClasses } from '../class-weight.ts';
import type { FeatureColumn, LabelledColumns } from '../columns.ts';
import type { FitOptions } from '../fit-options.ts';
import { encodeForTrees, fitTreeEncoding, type TreeEncoding } from '../preprocessing/tree-encoding.ts';
import { createRandom } from '../random.ts';
import { join } from '../resampling/random-sampling.ts';
import { binRows, findBins } from '../trees/bin-rows.ts';
import { maximumBins } from '../trees/binning.ts';
import { addTree, type Tree } from '../trees/tree.ts';
import { openWorkspace } from '../trees/workspace.ts';
import { boost, type ClassWeights } from './boost.ts';
import { keepAside } from './keep-aside.ts';
import { completeParameters, type GradientBoostingParameters } from './parameters.ts';

/** Boosted trees of the logistic loss: everything that a prediction or an export needs. */
export interface GradientBoosting {
  readonly algorithm: 'gradient-boosting';
  readonly encoding: TreeEncoding;
  /** Log odds before the first tree: those of the fitted rows; a float32. */
  readonly baseScore: number;
  readonly trees: readonly Tree[];
}

/**
 * Fits trees one after another, each to the derivatives of the loss at the sum of those before.
 *
 * @param fitted the only rows looked at, but for those that early stopping is judged by
 * @param seed decides the rows and features of each tree where not all of them are used, and the rows kept aside for early stopping
 * @throws {RangeError} when the rows are of one class, or parameters are out of range (all of them named)
 */
export function fitGradientBoosting(
  parameters: GradientBoostingParameters,
  data: LabelledColumns,
  fitted: Int32Array,
  seed: number,
  { groups, threads, aside: given, onIteration }: FitOptions = {},
): GradientBoosting {
  const complete = completeParameters(parameters);
  const stops = complete.earlyStoppingRounds > 0;
  const rows = stops && given ? join(fitted, given.rows) : fitted;
  const labels = takeLabels(data.labels, rows);
  const directions = directionsOf(complete.monotone, data.columns);
  const weights = weigh(complete, labels);
  const aside = !stops
    ? undefined
    : given
      ? new Uint8Array(rows.length).fill(1, fitted.length)
      : keepAside(labels, rows, groups, complete.validationShare, seed);
  const baseScore = Math.fround(logOdds(labels, weights));
  const encoding = fitTreeEncoding(data.columns, rows, maximumBins);
  const workspace = openWorkspace({
    rowCount: rows.length,
    features: findBins(encoding, data.columns, rows, complete.maxBins),
    maxLeaves: complete.maxLeaves,
    bounded: complete.maxDeltaStep > 0 || directions.some(direction => direction !== 0),
    threads,
  });
  try {
    binRows(workspace, encoding, data.columns, rows);
    const trees = boost({
      workspace,
      labels,
      weights,
      aside,
      asideWeights: given ? product(weights, given.weights) : weights,
      baseScore,
      directions,
      random: createRandom(seed),
      parameters: complete,
      onIteration,
    });
    return { algorithm: 'gradient-boosting', encoding, baseScore, trees };
  } finally {
    workspace.close();
  }
}

/** Probability of the positive class of each given row. */
export function predictGradientBoosting(
  { encoding, baseScore, trees }: GradientBoosting,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float64Array {
  const features = encodeForTrees(encoding, columns, rows);
  const margins = new Float64Array(rows.length).fill(baseScore);
  for (const tree of trees) addTree(tree, features, margins);
  return margins.map(sigmoid);
}

function takeLabels(labels: Uint8Array, rows: Int32Array): Uint8Array {
  const taken = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = labels[rows[i]!]!;
  if (!(taken.includes(0) && taken.includes(1))) {
    throw new RangeError(`Cannot fit on ${rows.length} rows of one class: expected both labels 0 and 1`);
  }
  return taken;
}

function directionsOf(monotone: Readonly<Record<string, 1 | -1>>, columns: readonly FeatureColumn[]): Int8Array {
  const numbers = columns.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  const strangers = Object.keys(monotone).filter(name => !numbers.includes(name));
  if (strangers.length > 0) {
    throw new RangeError(
      `Cannot constrain ${strangers.join(', ')}: expected number features, which are ${numbers.join(', ')}`,
    );
  }
  return Int8Array.from(columns, ({ name }) => (Object.hasOwn(monotone, name) ? monotone[name]! : 0));
}

function weigh(
  { classWeight, scalePosWeight }: Pick<ReturnType<typeof completeParameters>, 'classWeight' | 'scalePosWeight'>,
  labels: Uint8Array,
): ClassWeights {
  const { negative, positive } = weighClasses(classWeight, labels);
  return { negative, positive: positive * scalePosWeight };
}

function product(one: ClassWeights, other: ClassWeights): ClassWeights {
  return { negative: one.negative * other.negative, positive: one.positive * other.positive };
}

function logOdds(labels: Uint8Array, { negative, positive }: ClassWeights): number {
  let positives = 0;
  for (const label of labels) positives += label;
  return log((positives * positive) / ((labels.length - positives) * negative));
}
