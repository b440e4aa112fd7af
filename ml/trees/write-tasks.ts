import { missingBinOf } from './binning.ts';
import type { ScaledOptions } from './category-splitting.ts';
import type { HistogramSlots } from './histogram-slots.ts';
import { buildBytes, featureBytes, scanBytes, splitBytes, words } from './kernels/memory-map.ts';
import type { GrowOptions, Node } from './node.ts';
import type { Scan } from './open-nodes.ts';
import type { Workspace } from './workspace.ts';

/** A tree on its way. */
export interface Growth {
  readonly workspace: Workspace;
  /** Features that may be split, rising. */
  readonly drawn: Int32Array;
  /** What the derivatives were multiplied by before rounding. */
  readonly scale: number;
  readonly options: GrowOptions;
  /** Options in units of the quantized derivatives. */
  readonly scaled: ScaledOptions;
  readonly slots: HistogramSlots;
}

/** A histogram to build: of which node, where, and where the one lies that it is then taken from. */
export interface Build {
  readonly node: number;
  readonly slot: number;
  readonly from: number | undefined;
}

/** Tells the kernels which features to scan, and what splits must reach. */
export function writeFeatures({ workspace, drawn, scaled, options }: Growth): void {
  const { integers, doubles, at, cellOffsets, features } = workspace;
  doubles[words.lambda / 8] = scaled.lambda;
  doubles[words.alpha / 8] = scaled.alpha;
  doubles[words.minChildWeight / 8] = scaled.minChildWeight;
  cellOffsets.forEach((offset, feature) => {
    const record = (at.features + feature * featureBytes) / 4;
    integers[record] = offset;
    integers[record + 3] = 0;
    const bins = features[feature];
    if (bins?.kind !== 'number') return;
    integers[record + 1] = bins.cuts.length;
    integers[record + 2] = offset + 8 * missingBinOf(bins);
    integers[record + 4] = options.directions[feature]!;
  });
  for (const feature of drawn) {
    if (features[feature]!.kind === 'number') integers[(at.features + feature * featureBytes) / 4 + 3] = 1;
  }
}

/** Has the next `advance` part these nodes' rows. */
export function writeSplits({ workspace }: Growth, nodes: readonly Node[]): void {
  const { integers, bytes, at, features, rowCount } = workspace;
  integers[words.splitCount / 4] = nodes.length;
  nodes.forEach(({ id, split, children }, i) => {
    const { feature, levels, bin, missingLeft } = split!;
    integers.set([id, ...children!, at.columnBins + feature * rowCount], (at.splits + i * splitBytes) / 4);
    const side = bytes.subarray(at.sides + i * 256, at.sides + (i + 1) * 256).fill(0);
    if (levels) for (const level of levels) side[level] = goesLeft;
    else side.fill(goesLeft, 0, bin + 1)[missingBinOf(features[feature]!)] = missingLeft ? goesLeft : 0;
  });
}

/** Entry of a bin that goes left: the bytes that the left side then moves on. */
const goesLeft = 4;

/** Has the next `advance` build these histograms, and the next `evaluate` merge them. */
export function writeBuilds({ workspace }: Growth, builds: readonly Build[]): void {
  const { integers, at } = workspace;
  integers[words.buildCount / 4] = builds.length;
  builds.forEach(({ node, slot, from }, i) => {
    const place = from === undefined ? 0 : addressOf(workspace, from);
    integers.set([node, addressOf(workspace, slot), place], (at.builds + i * buildBytes) / 4);
  });
}

/** Has the next `evaluate` look for splits of these nodes. */
export function writeScans({ workspace }: Growth, scans: readonly Scan[]): void {
  const { integers, doubles, at } = workspace;
  integers[words.scanCount / 4] = scans.length;
  scans.forEach(({ seed: { sums, bounds }, slot }, i) => {
    const record = at.scans + i * scanBytes;
    integers[record / 4] = addressOf(workspace, slot);
    integers.set([sums.hessian, sums.gradient], record / 4 + 2);
    doubles.set([bounds.low, bounds.high], record / 8 + 2);
  });
}

/** Where a histogram lies. */
export function addressOf({ at, histogramBytes }: Workspace, slot: number): number {
  return at.histograms + slot * histogramBytes;
}
