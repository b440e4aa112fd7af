import { type FeatureBins, missingBinOf } from '../trees/binning.ts';
import type { BinTarget } from '../trees/fill-bins.ts';
import { buildForestKernels } from '../trees/kernels/forest-kernels.ts';
import { forestCommands, nodeBytes, regionHeaderBytes, words } from '../trees/kernels/memory-map.ts';
import { compileOnce, openSharedMemory, type SharedMemory } from '../trees/shared-memory.ts';
import type { Threads } from '../trees/threads.ts';

/** Memory of a forest's kernels: the rows' bins, and a region for each tree that grows at once. */
export interface ForestWorkspace
  extends Pick<BinTarget, 'rowCount' | 'features' | 'assign'>,
    Omit<SharedMemory<ArrayName>, 'lead'> {
  readonly treesAtOnce: number;
  readonly regionBytes: number;
  /** Where things are in a region. */
  readonly within: Readonly<Record<keyof ReturnType<typeof measureRegion>, number>>;
  /** Grows this many trees, in the first regions. */
  grow(trees: number): void;
  /** Has those trees predict the rows that they were not grown from. */
  vote(trees: number): void;
}

type ArrayName = keyof ReturnType<typeof measure>;

/** What a workspace is made for. */
export interface ForestWorkspaceOptions {
  readonly rowCount: number;
  readonly features: readonly FeatureBins[];
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly threads: Threads | undefined;
}

/** Lays out the memory, compiles the kernels and calls the other threads. */
export function openForestWorkspace(options: ForestWorkspaceOptions): ForestWorkspace {
  const { rowCount, features, threads } = options;
  const treesAtOnce = threads?.count ?? 1;
  const region = layOut(measureRegion(options), regionHeaderBytes);
  const sizes = measure(options, treesAtOnce * region.total);
  const module = compileOnce('forest', buildForestKernels);
  const { lead, ...memory } = openSharedMemory(sizes, module, threads);
  const { integers, at } = memory;
  const chunkRows = Math.max(1024, Math.ceil(rowCount / (4 * treesAtOnce)));
  const values = { rowCount, featureCount: features.length, chunkRows, regionBytes: region.total, ...region.at };
  for (const [word, value] of Object.entries(values)) integers[words[word as keyof typeof values] / 4] = value;
  integers.set(features.map(missingBinOf), at.missingBins / 4);
  const chunks = Math.ceil(rowCount / chunkRows);
  return {
    ...memory,
    rowCount,
    features,
    treesAtOnce,
    regionBytes: region.total,
    within: region.at,
    assign: () => lead(forestCommands.assign, chunks),
    grow: trees => lead(forestCommands.grow, trees),
    vote: trees => {
      integers[words.treesAtOnce / 4] = trees;
      lead(forestCommands.vote, chunks);
    },
  };
}

function measure({ rowCount, features }: ForestWorkspaceOptions, regions: number) {
  return {
    columnBins: rowCount * features.length,
    values: rowCount * 4,
    cuts: 256 * 4,
    missingBins: features.length * 4,
    voters: rowCount * 4,
    votes: rowCount * 8,
    regions,
  };
}

function measureRegion({ rowCount, features, maxDepth, minSamplesLeaf }: ForestWorkspaceOptions) {
  const leaves = Math.min(Math.ceil(rowCount / minSamplesLeaf), maxDepth < 30 ? 1 << maxDepth : rowCount);
  return {
    drawnRows: rowCount * 4,
    drawnCounts: rowCount * 8,
    asideRows: rowCount * 4,
    asideCounts: rowCount * 8,
    bag: rowCount,
    cells: 256 * 8,
    touched: 32,
    denseBins: 256 * 4,
    denseCells: 256 * 8,
    permutation: features.length * 4,
    nodes: 2 * leaves * nodeBytes,
  };
}

function layOut<Name extends string>(sizes: Readonly<Record<Name, number>>, first: number) {
  const at = {} as Record<Name, number>;
  let total = first;
  for (const name of Object.keys(sizes) as Name[]) {
    at[name] = total;
    total += Math.ceil(sizes[name] / 64) * 64;
  }
  return { at, total };
}
