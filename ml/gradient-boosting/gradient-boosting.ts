import { log } from '../arithmetic/log.ts';
import { sigmoid } from '../arithmetic/sigmoid.ts';
import type { FeatureColumn, LabelledColumns } from '../columns.ts';
import { encodeForTrees, fitTreeEncoding, type TreeEncoding } from '../preprocessing/tree-encoding.ts';
import { createRandom, type Random, shuffle } from '../random.ts';
import { type BinnedMatrix, binFeatures, maximumBins } from '../trees/binning.ts';
import { growTree } from '../trees/grower.ts';
import { chooseScale, quantize } from '../trees/quantized-gradients.ts';
import { addTree, type Tree } from '../trees/tree.ts';
import { type CompleteParameters, completeParameters, type GradientBoostingParameters } from './parameters.ts';

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
 * @param rows the only rows looked at
 * @param seed decides the rows and features of each tree, where not all of them are used
 * @throws {RangeError} when the rows are of one class, or parameters are out of range (all of them named)
 */
export function fitGradientBoosting(
  parameters: GradientBoostingParameters,
  data: LabelledColumns,
  rows: Int32Array,
  seed: number,
): GradientBoosting {
  const complete = completeParameters(parameters);
  const labels = takeLabels(data.labels, rows);
  const encoding = fitTreeEncoding(data.columns, rows, maximumBins);
  const features = encodeForTrees(encoding, data.columns, rows);
  const baseScore = Math.fround(logOdds(labels));
  const matrix = binFeatures(features, encoding.features.map(levelCount), complete.maxBins);
  const trees = boost(matrix, features, labels, baseScore, complete, createRandom(seed));
  return { algorithm: 'gradient-boosting', encoding, baseScore, trees };
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

function levelCount(feature: TreeEncoding['features'][number]): number {
  return feature.kind === 'category' ? feature.levels.length : 0;
}

function takeLabels(labels: Uint8Array, rows: Int32Array): Uint8Array {
  const taken = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) taken[i] = labels[rows[i]!]!;
  if (!(taken.includes(0) && taken.includes(1))) {
    throw new RangeError(`Cannot fit on ${rows.length} rows of one class: expected both labels 0 and 1`);
  }
  return taken;
}

function logOdds(labels: Uint8Array): number {
  let positives = 0;
  for (const label of labels) positives += label;
  return log(positives / (labels.length - positives));
}

function boost(
  matrix: BinnedMatrix,
  features: readonly Float32Array[],
  labels: Uint8Array,
  baseScore: number,
  parameters: CompleteParameters,
  random: Random,
): Tree[] {
  const count = labels.length;
  const margins = new Float64Array(count).fill(baseScore);
  const gradients = new Float64Array(count);
  const hessians = new Float64Array(count);
  const quantized = {
    gradients: new Int32Array(count),
    hessians: new Int32Array(count),
    scale: chooseScale(count, 1),
  };
  const trees: Tree[] = [];
  for (let t = 0; t < parameters.trees; t++) {
    differentiate(margins, labels, gradients, hessians);
    quantize(gradients, hessians, quantized);
    const rows = drawRows(count, parameters.subsample, random);
    const drawn = drawFeatures(features.length, parameters.columnsByTree, random);
    const tree = growTree({ matrix, quantized, gradients, hessians, rows, features: drawn }, parameters);
    for (let node = 0; node < tree.value.length; node++) tree.value[node]! *= parameters.learningRate;
    addTree(tree, features, margins);
    trees.push(tree);
  }
  return trees;
}

/** Derivatives of the log loss by the margin: p − y and p (1 − p). OUT: both arrays */
function differentiate(
  margins: Float64Array,
  labels: Uint8Array,
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  for (let row = 0; row < margins.length; row++) {
    const probability = sigmoid(margins[row]!);
    gradients[row] = probability - labels[row]!;
    hessians[row] = probability * (1 - probability);
  }
}

function drawRows(count: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: count }, (_, row) => row);
  return share === 1 ? all : all.filter(() => random.uniform() < share);
}

/** At least one feature, rising. */
function drawFeatures(count: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: count }, (_, feature) => feature);
  if (share === 1) return all;
  return shuffle(all, random)
    .slice(0, Math.max(1, Math.floor(count * share + 0.5)))
    .sort();
}
