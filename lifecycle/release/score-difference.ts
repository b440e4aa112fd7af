import { quantile } from '../../ml/metrics/quantile.ts';

/** How a version's scores differed from the champion's on the rows of the gate, `candidate − champion`. */
export interface ScoreDifference {
  readonly rows: number;
  readonly mean: number;
  /** The middle 99 % of the differences lie in `[low, high]`. */
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the champion's scores: what a difference is small or large beside. */
  readonly championSpread: number;
}

/** Describes the differences of two versions' scores of the same rows. */
export function describeDifference(candidate: Float64Array, champion: Float64Array): ScoreDifference {
  const differences = candidate.map((score, row) => score - champion[row]!).sort();
  return {
    rows: differences.length,
    mean: meanOf(differences),
    low: quantile(differences, 0.005),
    high: quantile(differences, 0.995),
    championSpread: deviationOf(champion),
  };
}

/** Differences in `[low, high]` are as at the gate: its range, widened by what is small beside the champion's own spread. */
export function acceptedRange({ low, high, championSpread }: ScoreDifference): readonly [number, number] {
  const small = championSpread / 10;
  return [low - small, high + small];
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviationOf(values: Float64Array): number {
  const mean = meanOf(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}
