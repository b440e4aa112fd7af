import type { Feature, Population, SyntheticFeatures } from '../../use-cases/define-use-case.ts';
import type { Drift } from './read-drift.ts';
import { drawSample, type FeatureValue, type Sample } from './sample.ts';

type Features = Readonly<Record<string, Feature>>;

/**
 * A population whose features drift before the law sees them, so that the outcomes follow. A number stays in its feature's range, an integer whole.
 * The law cannot know a level that the use case has not: it goes on seeing the one that was replaced.
 */
export function driftPopulation(population: Population, features: Features, drifts: readonly Drift[]): Population {
  if (drifts.length === 0) return population;
  const sample = drawSample(population);
  const changes = drifts.map(drift => [drift.feature, changeOf(drift, features[drift.feature]!, sample)] as const);
  const replaced = drifts.flatMap(drift => unknownLevels(drift, features[drift.feature]!));
  return {
    draw: random => applyAll(population.draw(random), changes),
    law: row => population.law(applyAll(row, replaced)),
  };
}

type Change = (value: FeatureValue) => FeatureValue;

function applyAll(row: SyntheticFeatures, changes: readonly (readonly [string, Change])[]): SyntheticFeatures {
  const changed = { ...row };
  for (const [name, change] of changes) changed[name] = change(changed[name]!);
  return changed;
}

function changeOf(drift: Drift, feature: Feature, sample: Sample): Change {
  if (drift.change === 'replace') return value => (value === drift.from ? drift.to : value);
  const { by } = drift;
  if (drift.change === 'multiply') return value => toAccepted(feature, value, number => number * by);
  const amount = drift.unit === 'sd' ? by * standardDeviation(sample[drift.feature]!) : by;
  return value => toAccepted(feature, value, number => number + amount);
}

function toAccepted(feature: Feature, value: FeatureValue, change: (number: number) => number): FeatureValue {
  if (typeof value !== 'number' || feature.type === 'category' || feature.type === 'boolean') return value;
  const changed = feature.type === 'integer' ? Math.round(change(value)) : change(value);
  const [low, high] = feature.range ?? [-largest, largest];
  return Math.min(Math.max(changed, low), high);
}

/** Models compute in float32. */
const largest = 3e38;

function standardDeviation(values: readonly FeatureValue[]): number {
  const numbers = values.filter(value => typeof value === 'number');
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
}

function unknownLevels(drift: Drift, feature: Feature): [string, Change][] {
  if (drift.change !== 'replace' || feature.type !== 'category' || feature.levels.includes(String(drift.to))) return [];
  return [[drift.feature, value => (value === drift.to ? drift.from : value)]];
}
