/** Finds kernel rows, computed when they are not at hand. A row that was given out stays valid until the next but one is asked for. */
export type KernelCache = (row: number) => Float32Array;

/**
 * Keeps the kernel rows that were used last, as float32: what the solver reads is the same whether a row was kept or not.
 *
 * @param count rows, and length of each
 * @param evaluate OUT: the kernel of a row with all rows
 * @param bytes room for the kept rows; two are always kept
 */
export function createKernelCache(
  count: number,
  evaluate: (row: number, values: Float64Array) => void,
  bytes: number,
): KernelCache {
  const capacity = Math.max(2, Math.floor(bytes / (4 * count)));
  const values = new Float64Array(count);
  // A Map lists its keys in the order in which they were set: the first is the one used longest ago.
  const kept = new Map<number, Float32Array>();
  return row => {
    const found = kept.get(row);
    if (found) {
      kept.delete(row);
      kept.set(row, found);
      return found;
    }
    const room = kept.size < capacity ? new Float32Array(count) : takeOldest(kept);
    evaluate(row, values);
    room.set(values);
    kept.set(row, room);
    return room;
  };
}

function takeOldest(kept: Map<number, Float32Array>): Float32Array {
  const [[oldest, room]] = kept as unknown as [[number, Float32Array]];
  kept.delete(oldest);
  return room;
}
