import type { Random } from '../ml/random.ts';
import type { SyntheticFeatures, SyntheticSource } from './define-use-case.ts';
import { chance } from './distributions.ts';

/** A synthetic observation: feature values by name, and the label. */
export interface SyntheticRow {
  readonly features: SyntheticFeatures;
  readonly label: boolean;
}

/** Draws an observation and, by the source's law, its label. */
export function drawRow(source: Pick<SyntheticSource, 'draw' | 'law'>, random: Random): SyntheticRow {
  const features = source.draw(random);
  return { features, label: chance(random, source.law(features)) };
}
