/** Linear interpolation between the order statistics (Hyndman and Fan's type 7); NaN of nothing. @param share in [0, 1] */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (position - below) * (high - low);
}
