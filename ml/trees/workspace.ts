import { type FeatureBins, missingBinOf } from './binning.ts';
import type { BinTarget } from './fill-bins.ts';
import { buildKernels } from './kernels/build-kernels.ts';
import { gatheredBytes } from './kernels/histogram-kernel.ts';
import {
  buildBytes,
  commands,
  featureBytes,
  rangeBytes,
  resultBytes,
  scanBytes,
  splitBytes,
  words,
} from './kernels/memory-map.ts';
import { compileOnce, openSharedMemory, type SharedMemory } from './shared-memory.ts';
import type { Threads } from './threads.ts';

/** What a workspace is made for. */
export interface WorkspaceOptions {
  readonly rowCount: number;
  readonly features: readonly FeatureBins[];
  /** Leaves of a tree at most. */
  readonly maxLeaves: number;
  /** Whether leaf values have bounds, or features a direction. */
  readonly bounded: boolean;
  readonly threads: Threads | undefined;
}

/** Memory of boosting's kernels, and what they are asked to do. */
export interface Workspace
  extends Pick<BinTarget, 'rowCount' | 'features' | 'assign'>,
    Omit<SharedMemory<ArrayName>, 'lead'> {
  /** Groups of rows, one a thread. */
  readonly groups: number;
  /** Where each feature's cells begin in a histogram, then the end, in bytes. */
  readonly cellOffsets: readonly number[];
  readonly histogramBytes: number;
  /** Histograms that there is room for. */
  readonly slots: number;
  /** Nodes that can be split in one go. */
  readonly splitsAtOnce: number;
  /** Runs all parts of a command, and returns when they are done. */
  run(command: keyof typeof commands): void;
}

type ArrayName = keyof ReturnType<typeof measure> | 'values';

/** Lays out the memory, compiles the kernels and calls the other threads. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { rowCount, features, bounded, threads } = options;
  const groups = threads?.count ?? 1;
  const cellOffsets = layOutCells(features);
  const histogramBytes = cellOffsets.at(-1)!;
  const rowBytes = Math.ceil(features.length / 16) * 16;
  const splitsAtOnce = clamp(Math.floor(partialsBudget / (2 * histogramBytes)), 1, 64);
  const slots = clamp(Math.floor(histogramsBudget / histogramBytes), 2 * splitsAtOnce + 2, options.maxLeaves + 2);
  const sizes = measure({ ...options, groups, histogramBytes, rowBytes, splitsAtOnce, slots });
  const shape = { rowBytes, cellOffsets: cellOffsets.slice(0, -1), bounded };
  const { lead, ...memory } = openSharedMemory(
    sizes,
    compileOnce(JSON.stringify(shape), () => buildKernels(shape)),
    threads,
  );
  const { integers } = memory;
  // Before the first tree there are no margins, and their place is free.
  const at = { ...memory.at, values: memory.at.margins };
  integers[words.values / 4] = at.values;
  // Sharing small parts costs more than it brings; an even number lets two rows go at once.
  const chunkRows = Math.max(1024, 2 * Math.ceil(rowCount / (8 * groups)));
  const sliceCount = Math.min(features.length, groups === 1 ? 1 : 2 * groups);
  const counts = { rowCount, groups, chunkRows, histogramBytes, featureCount: features.length };
  for (const [word, value] of Object.entries(counts)) integers[words[word as keyof typeof counts] / 4] = value;
  for (let slice = 0; slice <= sliceCount; slice++) {
    integers[at.slices / 4 + slice] = Math.floor((slice * features.length) / sliceCount);
  }
  const chunks = Math.ceil(rowCount / chunkRows);
  const parts = { assign: chunks, advance: groups, evaluate: sliceCount, renew: groups, update: chunks, order: groups };
  return {
    ...memory,
    at,
    rowCount,
    features,
    groups,
    cellOffsets,
    histogramBytes,
    slots,
    splitsAtOnce,
    assign: () => lead(commands.assign, parts.assign),
    run: command => lead(commands[command], parts[command]),
  };
}

/** Bytes that partial histograms of one step, and histograms of open nodes, may take. */
const partialsBudget = 32 * 1024 * 1024;
const histogramsBudget = 128 * 1024 * 1024;

/** A feature has a cell a bin and one for missing values, up to a multiple of 16: similar data then share compiled kernels. */
function layOutCells(features: readonly FeatureBins[]): number[] {
  const offsets = [0];
  for (const bins of features) offsets.push(offsets.at(-1)! + 128 * Math.ceil((missingBinOf(bins) + 1) / 16));
  return offsets;
}

interface Sizes extends WorkspaceOptions {
  readonly groups: number;
  readonly histogramBytes: number;
  readonly rowBytes: number;
  readonly splitsAtOnce: number;
  readonly slots: number;
}

function measure(sizes: Sizes) {
  const { rowCount, features, groups, histogramBytes, rowBytes, splitsAtOnce, maxLeaves } = sizes;
  const builds = 2 * splitsAtOnce;
  return {
    rowBins: rowCount * rowBytes,
    columnBins: rowCount * features.length,
    order: rowCount * 4,
    aside: rowCount * 4,
    // Two rows at once are derived: there may be one past the last.
    derivatives: rowCount * 4 + 4,
    residuals: rowCount * 4 + 4,
    margins: rowCount * 8 + 8,
    labels: rowCount + 1,
    leafOf: rowCount * 2 + 2,
    leafValues: maxLeaves * 8,
    leafSums: maxLeaves * groups * 16,
    leaves: maxLeaves * 4,
    ranges: 2 * maxLeaves * groups * rangeBytes,
    splits: splitsAtOnce * splitBytes,
    sides: splitsAtOnce * 256,
    builds: builds * buildBytes,
    partials: builds * (groups - 1) * histogramBytes,
    gathered: groups * gatheredBytes(rowBytes),
    scans: builds * scanBytes,
    results: builds * features.length * resultBytes,
    features: (features.length + 1) * featureBytes,
    slices: (2 * groups + 1) * 4,
    cuts: 256 * 4,
    histograms: sizes.slots * histogramBytes,
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
