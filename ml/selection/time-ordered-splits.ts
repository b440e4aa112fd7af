/** Rows to fit on and later rows to evaluate on, both from the earliest to the latest. */
export interface TimeOrderedSplit {
  readonly training: Int32Array;
  readonly held: Int32Array;
}

/** How time is cut. */
export interface TimeOrderedOptions {
  /** Splits; time is cut into one part more, and every part but the first is held once. */
  readonly splits: number;
  /** Milliseconds by which a training row must be older than the earliest held row, so that its label was known by then. @default - 0 */
  readonly gap?: number;
}

/**
 * Cuts rows by time into parts of about equal size; each split holds one part and trains on all before it. Rows of equal time are never cut apart, and
 * a group (entity) with held rows does not train in that split.
 *
 * @param times of the events, epoch milliseconds
 * @param groups the group of each row
 * @throws {RangeError} when there are fewer different times than parts, or a split is left without a training row
 */
export function timeOrderedSplits(
  times: Float64Array,
  groups: ArrayLike<string | number>,
  { splits, gap = 0 }: TimeOrderedOptions,
): TimeOrderedSplit[] {
  if (!(Number.isInteger(splits) && splits > 0)) throw new RangeError(`splits is ${splits}, expected 1 or more`);
  if (!(gap >= 0)) throw new RangeError(`gap is ${gap}, expected 0 or more milliseconds`);
  // Sorting is stable: rows of equal time keep their order.
  const order = Int32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]!);
  const starts = partStarts(order, times, splits + 1);
  return Array.from({ length: splits }, (_, split) => {
    const held = order.slice(starts[split + 1]!, starts[split + 2]!);
    const heldGroups = new Set(Array.from(held, row => groups[row]!));
    const latest = times[held[0]!]! - gap;
    const training = order
      .slice(0, starts[split + 1]!)
      .filter(row => times[row]! <= latest && !heldGroups.has(groups[row]!));
    if (training.length === 0) {
      throw new RangeError(
        `Cannot split ${times.length} rows into ${splits} by time: split ${split + 1} has nothing to train on`,
      );
    }
    return { training, held };
  });
}

/** Where each part starts in the order, and where the last ends. A start moves on to the next change of time. */
function partStarts(order: Int32Array, times: Float64Array, parts: number): number[] {
  const starts = [0];
  for (let part = 1; part < parts; part++) {
    let start = Math.max(Math.floor((order.length * part) / parts), starts[part - 1]! + 1);
    while (start < order.length && times[order[start]!] === times[order[start - 1]!]) start += 1;
    if (start >= order.length) {
      throw new RangeError(`Cannot cut ${order.length} rows into ${parts} parts by time: too few different times`);
    }
    starts.push(start);
  }
  return [...starts, order.length];
}
