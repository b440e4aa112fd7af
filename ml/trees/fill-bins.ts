import { type FeatureBins, missingBinOf } from './binning.ts';
import { words } from './kernels/memory-map.ts';
import type { SharedMemory } from './shared-memory.ts';

/** Memory with rows to be put into bins. */
export interface BinTarget extends Pick<SharedMemory<'values' | 'cuts'>, 'integers' | 'floats' | 'at'> {
  readonly rowCount: number;
  readonly features: readonly FeatureBins[];
  /** Has the kernel put the values of one feature into bins. */
  assign(): void;
}

/**
 * Puts one feature's values into bins.
 *
 * @param read writes the value of each row: numbers with NaN for missing, levels from 0 with NaN for unknown
 */
export function fillBins(target: BinTarget, feature: number, read: (values: Float32Array) => void): void {
  const { floats, integers, at, rowCount, features } = target;
  const bins = features[feature]!;
  const first = at.values / 4;
  read(floats.subarray(first, first + rowCount));
  const cuts = floats.subarray(at.cuts / 4, at.cuts / 4 + 256).fill(Number.POSITIVE_INFINITY);
  if (bins.kind === 'number') cuts.set(bins.cuts);
  else for (let level = 0; level < bins.levels - 1; level++) cuts[level] = level;
  integers[words.binned / 4] = feature;
  integers[words.missing / 4] = missingBinOf(bins);
  target.assign();
}
