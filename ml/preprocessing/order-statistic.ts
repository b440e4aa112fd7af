/**
 * The value at `position` of the sorted order, by Hoare's selection: all values before it end up no larger, all after it no smaller.
 *
 * @param values none NaN. OUT: partly sorted
 */
export function selectOrderStatistic(values: Float32Array, position: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i]!;
      values[i] = values[j]!;
      values[j] = swapped;
      i += 1;
      j -= 1;
    }
    // Now [low, j] ≤ pivot ≤ [i, high], and what lies between is the pivot.
    if (position <= j) high = j;
    else if (position >= i) low = i;
    else break;
  }
  return values[position]!;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
