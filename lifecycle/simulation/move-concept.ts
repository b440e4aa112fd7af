import { log } from '../../ml/arithmetic/log.ts';
import { sigmoid } from '../../ml/arithmetic/sigmoid.ts';
import type { Feature, Population, SyntheticFeatures } from '../../use-cases/define-use-case.ts';
import { drawRows, type FeatureValue } from './sample.ts';

/**
 * A population of which the share `concept`, in [0, 1], turns out otherwise: p′(x) = (1 − concept) · p(x) + concept · q(x).
 * q is p for the mirror image of x — a number at the same rank from the other end, levels in reverse order, booleans negated —
 * moved on the scale of log-odds until it has as many positives as p. So the outcomes always follow the features, only by another law, and the base rate stays.
 */
export function moveConcept(
  population: Population,
  features: Readonly<Record<string, Feature>>,
  concept: number,
): Population {
  if (!(concept >= 0 && concept <= 1)) throw new RangeError(`Concept drift is ${concept}, expected 0 to 1`);
  if (concept === 0) return population;
  const rows = drawRows(population);
  const mirror = createMirror(features, rows);
  const mirrored = (row: SyntheticFeatures) => logOdds(population.law(mirror(row)));
  const target = mean(rows.map(row => population.law(row)));
  const offset = findOffset(rows.map(mirrored), target);
  return {
    draw: random => population.draw(random),
    law: row => (1 - concept) * population.law(row) + concept * sigmoid(mirrored(row) + offset),
  };
}

type Mirror = (value: FeatureValue) => FeatureValue;

function createMirror(features: Readonly<Record<string, Feature>>, rows: readonly SyntheticFeatures[]) {
  const mirrors = Object.entries(features).map(([name, feature]): [string, Mirror] => [
    name,
    mirrorOf(
      feature,
      rows.map(row => row[name]!),
    ),
  ]);
  return (row: SyntheticFeatures): SyntheticFeatures =>
    Object.fromEntries(mirrors.map(([name, mirror]) => [name, row[name] === null ? null : mirror(row[name]!)]));
}

function mirrorOf(feature: Feature, values: readonly FeatureValue[]): Mirror {
  if (feature.type === 'boolean') return value => !value;
  if (feature.type === 'category') {
    const { levels } = feature;
    return value => levels.at(-1 - levels.indexOf(String(value)))!;
  }
  const sorted = Float64Array.from(values.filter(value => typeof value === 'number')).sort();
  return value => valueAtMirroredRank(sorted, Number(value));
}

/** Of equal values, the middle one's rank counts. */
function valueAtMirroredRank(sorted: Float64Array, value: number): number {
  const below = countBelow(sorted, other => other < value);
  const notAbove = countBelow(sorted, other => other <= value);
  const rank = Math.floor(sorted.length - (below + notAbove) / 2);
  return sorted[Math.min(rank, sorted.length - 1)]!;
}

/** Number of leading values for which it holds: by halving. */
function countBelow(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By halving: the mean probability rises with the offset. */
function findOffset(odds: readonly number[], target: number): number {
  let [low, high] = [-30, 30];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (mean(odds.map(value => sigmoid(value + middle))) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function logOdds(probability: number): number {
  return log(probability / (1 - probability));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
