import { missingBinOf } from './binning.ts';
import { findCategorySplit } from './category-splitting.ts';
import { resultBytes } from './kernels/memory-map.ts';
import { type Bounds, leafScore } from './leaf-value.ts';
import type { Node, Seed } from './node.ts';
import type { Split, Sums } from './split.ts';
import { addressOf, type Growth, writeBuilds, writeScans, writeSplits } from './write-tasks.ts';

/** A node to find the best split of, and where its histogram lies. */
export interface Scan {
  readonly seed: Seed;
  readonly slot: number;
}

/** Opens the root, whose sums are not known before its histogram is. */
export function openRoot(growth: Growth): Node {
  const { workspace, slots, options } = growth;
  const slot = slots.take(0, new Set());
  writeSplits(growth, []);
  writeBuilds(growth, [{ node: 0, slot, from: undefined }]);
  workspace.run('advance');
  writeScans(growth, []);
  workspace.run('evaluate');
  writeBuilds(growth, []);
  const limit = options.maxDeltaStep > 0 ? options.maxDeltaStep : Number.POSITIVE_INFINITY;
  const seed = { id: 0, depth: 0, sums: sumHistogram(growth, slot), bounds: { low: -limit, high: limit } };
  return openSeeds(growth, [seed], [{ seed, slot }])[0]!;
}

/** Finds the best splits of the nodes to scan; the others are leaves. */
export function openSeeds(growth: Growth, seeds: readonly Seed[], scans: readonly Scan[]): Node[] {
  if (scans.length > 0) {
    writeScans(growth, scans);
    growth.workspace.run('evaluate');
  }
  const splits = new Map(scans.map((scan, i) => [scan.seed.id, pickSplit(growth, scan, i)]));
  return seeds.map(seed => {
    const split = splits.get(seed.id);
    const gain = split ? gainOf(growth, seed, split) : 0;
    return gain > 0 ? { ...seed, split, gain } : { ...seed, split: undefined, gain: 0 };
  });
}

/** The first feature's cells hold every row. */
function sumHistogram({ workspace }: Growth, slot: number): Sums {
  const { integers, features } = workspace;
  const first = addressOf(workspace, slot) / 4;
  let [gradient, hessian] = [0, 0];
  for (let bin = 0; bin <= missingBinOf(features[0]!); bin++) {
    hessian += integers[first + 2 * bin]!;
    gradient += integers[first + 2 * bin + 1]!;
  }
  return { gradient, hessian };
}

/** Of equal scores the lowest feature's; of a number's, missing values on the right before the left, then the lowest bin. */
function pickSplit(growth: Growth, scan: Scan, index: number): Split | undefined {
  const { workspace, drawn } = growth;
  let best: Split | undefined;
  for (const feature of drawn) {
    const least = best?.score ?? Number.NEGATIVE_INFINITY;
    const found =
      workspace.features[feature]!.kind === 'number'
        ? readResult(growth, feature, index, least)
        : splitCategory(growth, feature, scan);
    if (found && found.score > least) best = found;
  }
  return best && !best.levels ? steerMissing(growth, scan, best) : best;
}

function readResult({ workspace }: Growth, feature: number, index: number, least: number): Split | undefined {
  const { integers, doubles, at, features } = workspace;
  const record = at.results + (index * features.length + feature) * resultBytes;
  const score = doubles[record / 8]!;
  if (!(score > least)) return undefined;
  return {
    feature,
    bin: integers[record / 4 + 4]!,
    missingLeft: integers[record / 4 + 5] === 1,
    levels: undefined,
    score,
    left: { hessian: integers[record / 4 + 2]!, gradient: integers[record / 4 + 3]! },
  };
}

function splitCategory({ workspace, scaled }: Growth, feature: number, { seed, slot }: Scan): Split | undefined {
  const { integers, features, cellOffsets } = workspace;
  const levels = missingBinOf(features[feature]!);
  const first = (addressOf(workspace, slot) + cellOffsets[feature]!) / 4;
  return findCategorySplit({ feature, levels, cells: integers, first, total: seed.sums }, scaled, seed.bounds);
}

/** Where a node has seen no missing value, one will go the way of more weight. */
function steerMissing({ workspace }: Growth, { seed, slot }: Scan, split: Split): Split {
  const { integers, features, cellOffsets } = workspace;
  const bin = missingBinOf(features[split.feature]!);
  const cell = (addressOf(workspace, slot) + cellOffsets[split.feature]!) / 4 + 2 * bin;
  if (integers[cell] !== 0 || integers[cell + 1] !== 0) return split;
  return { ...split, missingLeft: 2 * split.left.hessian > seed.sums.hessian };
}

function gainOf({ scaled, scale, options }: Growth, { sums, bounds }: Seed, { score }: Split): number {
  const parent = leafScore(sums.gradient, sums.hessian, scaled, bounds as Bounds);
  // What rounding makes of equal scores is no gain.
  if (!(score - parent > rounding * Math.abs(score))) return 0;
  return (score - parent) / 2 / scale - options.minSplitGain;
}

/** 2⁻⁴⁰ */
const rounding = 9.094947017729282e-13;
