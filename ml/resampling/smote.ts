import type { LabelledColumns } from '../columns.ts';
import type { Random } from '../random.ts';
import type { Classes, Resampled } from './classes.ts';
import { extendColumn, type Origins } from './made-up-columns.ts';
import { nearestNeighbours } from './nearest-neighbours.ts';
import type { SmoteParameters } from './parameters.ts';
import { drawWithout, join } from './random-sampling.ts';
import { areNumbers, placePoints } from './smote-points.ts';

/**
 * Makes up rows of the rarer class by SMOTE (Chawla and others, 2002), with nominal features by its form SMOTE-NC: a row lies between one of the class
 * and one of its k nearest of the class, at a random share of the way in all numbers, and has the name that most of the k have in each category. The
 * distance is Euclidean over standardized numbers; two different names are as far apart as the median of the class's standard deviations.
 *
 * Numbers of two values at most in the given rows count as names, and numbers that are all whole stay so: what is made up must not be told by its
 * fractions. A missing number stays missing, and towards a missing one nothing moves.
 *
 * @returns the kept rows of the commoner class, those of the rarer, and the made-up ones, as new columns
 */
export function synthesize(
  { k, percentageOver, percentageUnder }: Required<SmoteParameters>,
  { columns, labels }: LabelledColumns,
  rows: Int32Array,
  { rarer, minority, majority }: Classes,
  random: Random,
): Resampled {
  if (minority.length < 2) throw new RangeError('Cannot make up rows of a class of 1 row: expected two or more');
  requireFewOfClass(minority.length);
  const numeric = areNumbers(columns, rows);
  const neighbourCount = Math.min(k, minority.length - 1);
  const neighbours = nearestNeighbours(placePoints(columns, numeric, rows, minority), neighbourCount);
  const origins = drawOrigins(minority, neighbours, neighbourCount, percentageOver, random);
  const keptOfMajority = Math.max(1, Math.floor((majority.length * percentageUnder) / 100 + 0.5));
  const kept = join(drawWithout(majority, keptOfMajority, random), minority);
  const extended = columns.map((column, i) => extendColumn(column, numeric[i]!, rows, kept, origins));
  const extendedLabels = new Uint8Array(kept.length + origins.bases.length).fill(rarer);
  kept.forEach((row, i) => {
    extendedLabels[i] = labels[row]!;
  });
  return {
    data: { columns: extended, labels: extendedLabels },
    rows: Int32Array.from(extendedLabels.keys()),
    sources: join(kept, origins.bases),
  };
}

/** Rows of the rarer class that SMOTE makes up others from at most: with 20 features their neighbours take two minutes. */
export const maximumMinority = 50_000;

/** @throws {RangeError} above 50,000 rows */
export function requireFewOfClass(rows: number): void {
  if (rows > maximumMinority) {
    throw new RangeError(
      `Cannot make up rows by SMOTE from ${rows} rows of the rarer class: its time grows with their square, expected ${maximumMinority} at most; use oversample or undersample instead`,
    );
  }
}

/** Every row of the class serves equally often; those that serve once more, where the percentage is no multiple of 100, are drawn. */
function drawOrigins(
  minority: Int32Array,
  neighbours: Int32Array,
  neighbourCount: number,
  percentageOver: number,
  random: Random,
): Origins {
  const count = Math.floor((minority.length * percentageOver) / 100 + 0.5);
  const positions = Int32Array.from(minority.keys());
  const rest = drawWithout(positions, count % minority.length, random);
  const bases = Int32Array.from({ length: count }, (_, i) =>
    i < count - rest.length ? i % minority.length : rest[i - (count - rest.length)]!,
  );
  return {
    bases: bases.map(base => minority[base]!),
    towards: bases.map(base => minority[neighbours[base * neighbourCount + random.integer(neighbourCount)]!]!),
    shares: Float64Array.from(bases, () => random.uniform()),
    neighbours: Array.from(bases, base =>
      neighbours.subarray(base * neighbourCount, (base + 1) * neighbourCount).map(position => minority[position]!),
    ),
  };
}
