/** A hypothesis of a family. */
export interface WeightedPValue {
  readonly pValue: number;
  /** How much of α it gets, relatively to the others; above 0. */
  readonly weight: number;
}

/**
 * Weighted Benjamini–Hochberg procedure (Genovese, Roeder and Wasserman, "False discovery control with p-value weighting", 2006): the p-value at or
 * below which each hypothesis is rejected. Where all hold, some is rejected with probability α at most.
 */
export function rejectionLevels(family: readonly WeightedPValue[], alpha: number): number[] {
  const meanWeight = family.reduce((sum, { weight }) => sum + weight, 0) / family.length;
  const scaled = family.map(({ pValue, weight }) => (pValue * meanWeight) / weight).sort((a, b) => a - b);
  const step = alpha / family.length;
  // Without any rejection, the level that the first one would need.
  const rejected = Math.max(1, scaled.findLastIndex((pValue, i) => pValue <= step * (i + 1)) + 1);
  return family.map(({ weight }) => (step * rejected * weight) / meanWeight);
}
