import type { Random } from '../ml/random.ts';
import type { Population, SyntheticFeatures } from './define-use-case.ts';
import { chance } from './distributions.ts';

/** A synthetic observation: feature values by name, and the label. */
export interface SyntheticRow {
  readonly features: SyntheticFeatures;
  readonly label: boolean;
}

/** Draws an observation and, by the law, its label. */
export function drawRow(population: Population, random: Random): SyntheticRow {
  const features = population.draw(random);
  return { features, label: chance(random, population.law(features)) };
}
