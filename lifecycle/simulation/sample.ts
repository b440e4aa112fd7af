import { createRandom } from '../../ml/random.ts';
import type { Population, SyntheticFeatures } from '../../use-cases/define-use-case.ts';

export type FeatureValue = SyntheticFeatures[string];

/** Values of each feature, in the order they were drawn. */
export type Sample = Readonly<Record<string, readonly FeatureValue[]>>;

const sampleRows = 2_000;

/** Draws the rows that tell how a population is: always the same ones. */
export function drawRows(population: Population): SyntheticFeatures[] {
  const random = createRandom(1);
  return Array.from({ length: sampleRows }, () => population.draw(random));
}

/** Draws them by feature. */
export function drawSample(population: Population): Sample {
  const rows = drawRows(population);
  return Object.fromEntries(Object.keys(rows[0]!).map(name => [name, rows.map(row => row[name]!)]));
}
