import { exp } from '../arithmetic/exp.ts';
import { log1p } from '../arithmetic/log1p.ts';
import { type Random, shuffle } from '../random.ts';
import type { IterationListener } from '../training-curve.ts';
import { drawRoot } from '../trees/draw-root.ts';
import { growTree } from '../trees/grower.ts';
import { classBytes, words } from '../trees/kernels/memory-map.ts';
import type { GrowOptions } from '../trees/node.ts';
import type { Tree } from '../trees/tree.ts';
import type { Workspace } from '../trees/workspace.ts';
import type { CompleteParameters } from './parameters.ts';

/** How much a row of each class counts. */
export interface ClassWeights {
  readonly negative: number;
  readonly positive: number;
}

/** What trees are boosted from. */
export interface BoostInput {
  /** Holds the rows' bins. */
  readonly workspace: Workspace;
  readonly labels: Uint8Array;
  readonly weights: ClassWeights;
  /** 1 for rows that are not fitted but tell when to stop. */
  readonly aside: Uint8Array | undefined;
  /** How much they count. */
  readonly asideWeights: ClassWeights;
  readonly baseScore: number;
  /** Of each feature, as in `GrowOptions`. */
  readonly directions: Int8Array;
  readonly random: Random;
  readonly parameters: CompleteParameters;
  readonly onIteration: IterationListener | undefined;
}

/** Grows the trees. */
export function boost({
  workspace,
  labels,
  weights,
  aside,
  asideWeights,
  baseScore,
  directions,
  random,
  parameters,
  onIteration,
}: BoostInput): Tree[] {
  const scale = chooseScale(labels, weights);
  const options: GrowOptions = { ...parameters, ...categoryOptions, directions };
  startMargins(workspace, labels, weights, scale, baseScore);
  const trees: Tree[] = [];
  const held = aside ? rowsWhere(aside, 1) : undefined;
  const sampled = onIteration ? sampleRows(labels.length, aside) : undefined;
  let best = { loss: Number.POSITIVE_INFINITY, trees: 0 };
  while (trees.length < parameters.trees) {
    drawRoot(workspace, drawRows(labels.length, aside, parameters.subsample, random));
    const drawn = drawFeatures(workspace.features.length, parameters.columnsByTree, random);
    trees.push(growTree(workspace, drawn, scale, options));
    workspace.run('update');
    const loss = held && meanLoss(workspace, labels, asideWeights, held);
    onIteration?.({
      iteration: trees.length,
      training: meanLoss(workspace, labels, weights, sampled!),
      ...(loss !== undefined && { validation: loss }),
    });
    if (loss === undefined) continue;
    if (loss < best.loss) best = { loss, trees: trees.length };
    else if (trees.length - best.trees >= parameters.earlyStoppingRounds) break;
  }
  return aside ? trees.slice(0, best.trees) : trees;
}

/** How categories are split; what did best on several data sets. */
const categoryOptions = { oneLevelUpTo: 4, categoryLambda: 10, categorySmoothing: 10 };

/**
 * The largest power of two at which a gradient fits 15 bits and the sum over all rows 31: sums of integers are exact, so neither the order of addition nor
 * the number of threads changes a bit.
 */
function chooseScale(labels: Uint8Array, { negative, positive }: ClassWeights): number {
  const sum = labels.reduce((total, label) => total + (label === 1 ? positive : negative), 0);
  const largest = Math.max(negative, positive);
  let scale = 16384;
  while (largest * scale > 16384 || sum * scale + labels.length >= 2147483648) scale /= 2;
  while (largest * scale * 2 <= 16384 && sum * scale * 2 + labels.length < 2147483648) scale *= 2;
  return scale;
}

/** OUT: margins and derivatives in the workspace, before the first tree. */
function startMargins(
  workspace: Workspace,
  labels: Uint8Array,
  { negative, positive }: ClassWeights,
  scale: number,
  baseScore: number,
): void {
  const { bytes, shorts, doubles, at, rowCount } = workspace;
  bytes.set(labels, at.labels);
  doubles.set([1, negative, negative * scale], words.classes / 8);
  doubles.set([-1, positive, positive * scale], (words.classes + classBytes) / 8);
  doubles.fill(baseScore, at.margins / 8, at.margins / 8 + rowCount);
  shorts.fill(0, at.leafOf / 2, at.leafOf / 2 + rowCount);
  doubles[at.leafValues / 8] = 0;
  workspace.run('update');
}

/** 1 for each row to grow from; undefined when all are. */
function drawRows(count: number, aside: Uint8Array | undefined, share: number, random: Random): Uint8Array | undefined {
  if (!aside && share === 1) return undefined;
  const taken = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const isDrawn = share === 1 || random.uniform() < share;
    taken[row] = isDrawn && aside?.[row] !== 1 ? 1 : 0;
  }
  return taken;
}

/** At least one feature, rising. */
function drawFeatures(count: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: count }, (_, feature) => feature);
  if (share === 1) return all;
  return shuffle(all, random)
    .slice(0, Math.max(1, Math.floor(count * share + 0.5)))
    .sort();
}

function rowsWhere(flags: Uint8Array, flag: number): Int32Array {
  return Int32Array.from(flags, (_, row) => row).filter(row => flags[row] === flag);
}

/** Rows that tell how well the fitted ones are met: all of them would take a third of the time of a tree. */
const sampleSize = 4_096;

/** Fitted rows, evenly spread. */
function sampleRows(count: number, aside: Uint8Array | undefined): Int32Array {
  const fitted = rowsWhere(aside ?? new Uint8Array(count), 0);
  const { length } = fitted;
  if (length <= sampleSize) return fitted;
  return Int32Array.from({ length: sampleSize }, (_, i) => fitted[Math.floor((i * length) / sampleSize)]!);
}

/** Weighted mean log loss of rows: ln(1 + e⁻ˣ), x the margin in favour of the label. */
function meanLoss(
  { doubles, at }: Workspace,
  labels: Uint8Array,
  { negative, positive }: ClassWeights,
  rows: Int32Array,
): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const margin = doubles[at.margins / 8 + row]!;
    const x = labels[row] === 1 ? margin : -margin;
    const loss = x > 0 ? log1p(exp(-x)) : log1p(exp(x)) - x;
    const weight = labels[row] === 1 ? positive : negative;
    sum += weight * loss;
    weights += weight;
  }
  return sum / weights;
}
