import { type FeatureBins, missingBinOf } from '../../../ml/trees/binning.ts';
import type { GrowOptions } from '../../../ml/trees/node.ts';

/** Rows with derivatives, as a tree is grown from. */
export interface NaiveInput {
  readonly features: readonly FeatureBins[];
  /** Bin of each row, by feature. */
  readonly bins: readonly Uint8Array[];
  /** p − y of each row, a float32. */
  readonly residuals: Float32Array;
  /** Rows to grow from. */
  readonly rows: readonly number[];
  readonly drawn: readonly number[];
  readonly scale: number;
  readonly options: GrowOptions;
}

/** A node of a naive tree. */
export interface NaiveNode {
  readonly rows: readonly number[];
  readonly depth: number;
  readonly low: number;
  readonly high: number;
  readonly split: NaiveSplit | undefined;
  children?: readonly [NaiveNode, NaiveNode];
}

interface NaiveSplit {
  readonly feature: number;
  readonly bin: number;
  readonly levels: readonly number[] | undefined;
  readonly missingLeft: boolean;
  readonly gain: number;
}

interface Side {
  readonly rows: readonly number[];
  readonly g: number;
  readonly h: number;
}

/** Grows a tree by trying every split with the rows themselves, on derivatives rounded to `scale`. Nodes in the order in which they are made. */
export function growNaively(input: NaiveInput): NaiveNode[] {
  const { options } = input;
  const limit = options.maxDeltaStep > 0 ? options.maxDeltaStep : Number.POSITIVE_INFINITY;
  const nodes = [open(input, { rows: input.rows, depth: 0, low: -limit, high: limit })];
  for (let leaves = 1; leaves < options.maxLeaves; leaves++) {
    const splittable = nodes.filter(({ split, children }) => split && !children);
    const next =
      options.growth === 'depth-wise'
        ? splittable[0]
        : splittable.reduce<NaiveNode | undefined>((a, b) => (a && a.split!.gain >= b.split!.gain ? a : b), undefined);
    if (!next) break;
    next.children = partNode(input, next, next.split!);
    nodes.push(...next.children);
  }
  return nodes;
}

/** The value of a leaf, from derivatives that are not rounded. */
export function naiveLeafValue(input: NaiveInput, { rows, low, high }: NaiveNode): number {
  const g = rows.reduce((sum, row) => sum + input.residuals[row]!, 0);
  const h = rows.reduce((sum, row) => sum + Math.abs(input.residuals[row]!) * (1 - Math.abs(input.residuals[row]!)), 0);
  return input.options.learningRate * weightOf({ rows, g, h }, low, high, input.options, 0);
}

function open(input: NaiveInput, node: Omit<NaiveNode, 'split'>): NaiveNode {
  const { options } = input;
  if (node.depth === options.maxDepth) return { ...node, split: undefined };
  const whole = sideOf(input, node.rows);
  const parent = scoreOf(whole, node.low, node.high, options, 0);
  let best: NaiveSplit | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of input.drawn.flatMap(feature => candidatesOf(input, node, feature))) {
    const [left, right] = part(input, node.rows, candidate).map(rows => sideOf(input, rows)) as [Side, Side];
    const extra = candidate.isSet ? options.categoryLambda : 0;
    const least = Math.max(options.minChildWeight, 1 / input.scale);
    if (left.h < least || right.h < least) continue;
    const direction = options.directions[candidate.feature]!;
    const rise =
      weightOf(right, node.low, node.high, options, extra) - weightOf(left, node.low, node.high, options, extra);
    if (!candidate.levels && direction * rise < 0) continue;
    const score =
      scoreOf(left, node.low, node.high, options, extra) + scoreOf(right, node.low, node.high, options, extra);
    const gain = (score - parent) / 2 - options.minSplitGain;
    if (score > bestScore) {
      bestScore = score;
      const hasMissing = node.rows.some(row => isMissing(input, candidate.feature, row));
      const missingLeft = candidate.levels || hasMissing ? candidate.missingLeft : left.h > right.h;
      best = { ...candidate, missingLeft, gain };
    }
  }
  return { ...node, split: best && best.gain > 1e-12 ? best : undefined };
}

function candidatesOf(input: NaiveInput, { rows }: Omit<NaiveNode, 'split'>, feature: number) {
  const bins = input.features[feature]!;
  const hasMissing = rows.some(row => isMissing(input, feature, row));
  const common = { feature, levels: undefined as readonly number[] | undefined, gain: 0, isSet: false };
  if (bins.kind === 'number') {
    return [false, ...(hasMissing ? [true] : [])].flatMap(missingLeft =>
      Array.from({ length: bins.cuts.length + (hasMissing && !missingLeft ? 1 : 0) }, (_, bin) => ({
        ...common,
        bin,
        missingLeft,
      })),
    );
  }
  const present = [...new Set(rows.map(row => input.bins[feature]![row]!))]
    .filter(level => level < bins.levels)
    .sort((a, b) => a - b);
  const setOf = (levels: readonly number[]) => ({
    ...common,
    bin: 0,
    missingLeft: false,
    levels: levels.toSorted((a, b) => a - b),
    isSet: present.length > input.options.oneLevelUpTo,
  });
  if (present.length <= input.options.oneLevelUpTo) return present.map(level => setOf([level]));
  const ratio = (level: number) => {
    const { g, h } = sideOf(
      input,
      rows.filter(row => input.bins[feature]![row] === level),
    );
    return g / (h + input.options.categorySmoothing);
  };
  const ordered = present.toSorted((a, b) => ratio(a) - ratio(b));
  return [ordered, ordered.toReversed()].flatMap(order =>
    Array.from({ length: order.length >> 1 }, (_, count) => setOf(order.slice(0, count + 1))),
  );
}

function isMissing({ features, bins }: NaiveInput, feature: number, row: number): boolean {
  return bins[feature]![row] === missingBinOf(features[feature]!);
}

function part(
  input: NaiveInput,
  rows: readonly number[],
  split: Omit<NaiveSplit, 'gain'>,
): [readonly number[], readonly number[]] {
  const goesLeft = (row: number) => {
    const bin = input.bins[split.feature]![row]!;
    if (split.levels) return split.levels.includes(bin);
    return isMissing(input, split.feature, row) ? split.missingLeft : bin <= split.bin;
  };
  return [rows.filter(goesLeft), rows.filter(row => !goesLeft(row))];
}

function partNode(input: NaiveInput, node: NaiveNode, split: NaiveSplit): [NaiveNode, NaiveNode] {
  const [left, right] = part(input, node.rows, split);
  const depth = node.depth + 1;
  const direction = split.levels ? 0 : input.options.directions[split.feature]!;
  const [leftValue, rightValue] = [left, right].map(rows =>
    weightOf(sideOf(input, rows), node.low, node.high, input.options, 0),
  );
  const middle = (leftValue! + rightValue!) / 2;
  const below = { low: node.low, high: direction === 0 ? node.high : middle };
  const above = { low: direction === 0 ? node.low : middle, high: node.high };
  const [first, second] = direction < 0 ? [above, below] : [below, above];
  return [open(input, { rows: left, depth, ...first }), open(input, { rows: right, depth, ...second })];
}

function sideOf({ residuals, scale }: NaiveInput, rows: readonly number[]): Side {
  const g = rows.reduce((sum, row) => sum + roundToEven(residuals[row]! * scale), 0) / scale;
  const h =
    rows.reduce((sum, row) => {
      const size = Math.abs(residuals[row]!);
      return sum + roundToEven(size * (1 - size) * scale);
    }, 0) / scale;
  return { rows, g, h };
}

/** To the nearest integer, halves to the even one. */
export function roundToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below === 0.5) return below % 2 === 0 ? below : below + 1;
  return Math.floor(value + 0.5);
}

function weightOf({ g, h }: Side, low: number, high: number, { lambda, alpha }: GrowOptions, extra: number): number {
  const shrunk = Math.sign(g) * Math.max(Math.abs(g) - alpha, 0);
  return Math.min(Math.max(h + lambda + extra > 0 ? -shrunk / (h + lambda + extra) : 0, low), high);
}

/** Twice what a leaf takes off the penalized loss to second order, at its value. */
function scoreOf(side: Side, low: number, high: number, options: GrowOptions, extra: number): number {
  const value = weightOf(side, low, high, options, extra);
  const loss =
    side.g * value + ((side.h + options.lambda + extra) * value * value) / 2 + options.alpha * Math.abs(value);
  return -2 * loss;
}
