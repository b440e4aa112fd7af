import { allocate, compile, instantiate, type WasmModule } from '../webassembly/engine.ts';
import { type FeatureBins, missingBinOf } from './binning.ts';
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

/** Memory that kernels share, and what is where in it. */
export interface Workspace {
  readonly rowCount: number;
  readonly features: readonly FeatureBins[];
  /** Groups of rows, one a thread. */
  readonly groups: number;
  readonly bytes: Uint8Array;
  readonly shorts: Uint16Array;
  readonly integers: Int32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly longs: BigInt64Array;
  /** Addresses of the arrays. */
  readonly at: Readonly<Record<ArrayName, number>>;
  /** Where each feature's cells begin in a histogram, then the end, in bytes. */
  readonly cellOffsets: readonly number[];
  readonly histogramBytes: number;
  /** Histograms that there is room for. */
  readonly slots: number;
  /** Nodes that can be split in one go. */
  readonly splitsAtOnce: number;
  /** Runs all parts of a command, and returns when they are done. */
  run(command: keyof typeof commands): void;
  /** Lets the other threads go. */
  close(): void;
}

type ArrayName = (typeof arrayNames)[number];
const arrayNames = [
  'rowBins',
  'columnBins',
  'order',
  'aside',
  'derivatives',
  'residuals',
  'margins',
  'labels',
  'leafOf',
  'leafValues',
  'leafSums',
  'leaves',
  'ranges',
  'splits',
  'sides',
  'builds',
  'partials',
  'gathered',
  'scans',
  'results',
  'features',
  'slices',
  'values',
  'cuts',
  'histograms',
] as const;

/** Lays out the memory, compiles the kernels and calls the other threads. */
export function openWorkspace(options: WorkspaceOptions): Workspace {
  const { rowCount, features, threads } = options;
  const groups = threads?.count ?? 1;
  const cellOffsets = layOutCells(features);
  const histogramBytes = cellOffsets.at(-1)!;
  const rowBytes = Math.ceil(features.length / 16) * 16;
  const splitsAtOnce = clamp(Math.floor(partialsBudget / (2 * histogramBytes)), 1, 64);
  const slots = clamp(Math.floor(histogramsBudget / histogramBytes), 2 * splitsAtOnce + 2, options.maxLeaves + 2);
  const sizes = measure({ ...options, groups, histogramBytes, rowBytes, splitsAtOnce, slots });
  const { at, total } = place(sizes);
  const memory = allocate(total);
  const module = compileKernels({ rowBytes, cellOffsets: cellOffsets.slice(0, -1), bounded: options.bounded });
  const { lead } = instantiate(module, memory);
  const integers = new Int32Array(memory.buffer);
  for (const name of arrayNames) if (name in words) integers[words[name as keyof typeof words] / 4] = at[name];
  const set = (word: keyof typeof words, value: number) => {
    integers[words[word] / 4] = value;
  };
  // Sharing small parts costs more than it brings; an even number lets two rows go at once.
  const chunkRows = Math.max(1024, 2 * Math.ceil(rowCount / (8 * groups)));
  const sliceCount = Math.min(features.length, groups === 1 ? 1 : 2 * groups);
  set('rowCount', rowCount);
  set('groups', groups);
  set('chunkRows', chunkRows);
  set('histogramBytes', histogramBytes);
  set('featureCount', features.length);
  for (let slice = 0; slice <= sliceCount; slice++) {
    integers[at.slices / 4 + slice] = Math.floor((slice * features.length) / sliceCount);
  }
  const chunks = Math.ceil(rowCount / chunkRows);
  const parts = { assign: chunks, advance: groups, evaluate: sliceCount, renew: groups, update: chunks };
  if (threads && groups > 1) threads.start(module, memory);
  return {
    rowCount,
    features,
    groups,
    bytes: new Uint8Array(memory.buffer),
    shorts: new Uint16Array(memory.buffer),
    integers,
    floats: new Float32Array(memory.buffer),
    doubles: new Float64Array(memory.buffer),
    longs: new BigInt64Array(memory.buffer),
    at,
    cellOffsets,
    histogramBytes,
    slots,
    splitsAtOnce,
    run: command => {
      lead!(commands[command], parts[command]);
    },
    close: () => {
      Atomics.store(integers, words.stop / 4, 1);
      Atomics.add(integers, words.signal / 4, 1);
      Atomics.notify(integers, words.signal / 4);
    },
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

function measure(sizes: Sizes): Record<ArrayName, number> {
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
    // Before the first tree there are no margins.
    values: 0,
    cuts: 256 * 4,
    histograms: sizes.slots * histogramBytes,
  };
}

/** One array after another, each on cache lines of its own. */
function place(sizes: Record<ArrayName, number>): { at: Record<ArrayName, number>; total: number } {
  const at = {} as Record<ArrayName, number>;
  let total = Math.ceil(words.end / 64) * 64;
  for (const name of arrayNames) {
    at[name] = total;
    total += Math.ceil(sizes[name] / 64) * 64;
  }
  return { at: { ...at, values: at.margins }, total };
}

const compiled = new Map<string, WasmModule>();

/** Kernels of one shape are compiled once: folds of the same data mostly share one. */
function compileKernels(shape: Parameters<typeof buildKernels>[0]): WasmModule {
  const key = JSON.stringify(shape);
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= 16) compiled.delete(compiled.keys().next().value!);
  const module = compile(buildKernels(shape));
  compiled.set(key, module);
  return module;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
