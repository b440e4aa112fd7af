/** Points to find neighbours among: numbers to subtract, and names to compare. */
export interface Points {
  readonly count: number;
  readonly numbers: readonly Float32Array[];
  /** A code for each name, below 0 for none; two of the same code are alike. */
  readonly names: readonly Int32Array[];
  /** Squared distance of two names that differ. */
  readonly difference: number;
}

/**
 * The k nearest other points of each point, the nearest first, of equals the one that comes first: `k` entries a point. Every pair is measured, so
 * that time grows with the square of the points.
 *
 * @param k below the number of points
 */
export function nearestNeighbours(points: Points, k: number): Int32Array {
  const neighbours = new Int32Array(points.count * k);
  const distances = new Float64Array(points.count);
  const nearest = new Float64Array(k);
  for (let point = 0; point < points.count; point++) {
    measure(points, point, distances);
    distances[point] = Number.POSITIVE_INFINITY;
    select(distances, nearest, neighbours.subarray(point * k, (point + 1) * k));
  }
  return neighbours;
}

/** Squared distances of one point to all. OUT: `distances` */
function measure({ numbers, names, difference }: Points, point: number, distances: Float64Array): void {
  distances.fill(0);
  for (const column of numbers) {
    const value = column[point]!;
    for (let i = 0; i < distances.length; i++) distances[i]! += (column[i]! - value) * (column[i]! - value);
  }
  for (const column of names) {
    const name = column[point]!;
    for (let i = 0; i < distances.length; i++) if (column[i] !== name) distances[i]! += difference;
  }
}

/** The positions of the smallest distances, rising, by insertion. @param nearest scratch. OUT: `found` */
function select(distances: Float64Array, nearest: Float64Array, found: Int32Array): void {
  const k = found.length;
  let kept = 0;
  for (let i = 0; i < distances.length; i++) {
    const distance = distances[i]!;
    if (kept === k && distance >= nearest[k - 1]!) continue;
    if (kept < k) kept += 1;
    let place = kept - 1;
    while (place > 0 && nearest[place - 1]! > distance) {
      nearest[place] = nearest[place - 1]!;
      found[place] = found[place - 1]!;
      place -= 1;
    }
    nearest[place] = distance;
    found[place] = i;
  }
}
