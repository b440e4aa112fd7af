import type { LabelledColumns } from '../../ml/columns.ts';
import { fitModel } from '../../ml/model.ts';
import { createRandom } from '../../ml/random.ts';
import { range } from './made-up-rows.ts';

const entities = 150;
const copies = 4;
/** The entity of each row: all rows of one are the same. */
const groups = Int32Array.from({ length: entities * copies }, (_, row) => row % entities);

/** Labels that nothing foretells, and numbers enough to know every entity by. */
const noise: LabelledColumns = (() => {
  const random = createRandom(91);
  const labels = Uint8Array.from({ length: entities }, (_, i) => i % 2);
  const numbers = Array.from({ length: 40 }, () => Float32Array.from({ length: entities }, () => random.normal()));
  return {
    columns: numbers.map((values, i) => ({
      ...({ kind: 'number', name: `x${i}` } as const),
      values: Float32Array.from(groups, entity => values[entity]!),
    })),
    labels: Uint8Array.from(groups, entity => labels[entity]!),
  };
})();
const rows = range(0, entities * copies);

test('a logistic regression that knows the entities is not lured to a weak penalty by rows it has seen', () => {
  const chosen = (options: object) =>
    (fitModel({ algorithm: 'logistic-regression', C: 'auto' }, noise, rows, 1, options).fitted as { C: number }).C;
  expect(chosen({ groups })).toBeLessThan(0.1);
  expect(chosen({})).toBeGreaterThan(chosen({ groups }));
});

test('a support-vector machine that knows the entities does not take memory for knowledge', () => {
  const candidate = { algorithm: 'support-vector', C: 10, gamma: 1 } as const;
  const spread = (options: object) => {
    const scores = fitModel(candidate, noise, rows, 1, options).predict(noise.columns);
    return Math.max(...scores) - Math.min(...scores);
  };
  expect(spread({})).toBeGreaterThan(spread({ groups }) + 0.2);
});

test('boosted trees that know the entities stop when memory alone gets better', () => {
  const candidate = { algorithm: 'gradient-boosting', trees: 200, earlyStoppingRounds: 5 } as const;
  const grown = (options: object) =>
    (fitModel(candidate, noise, rows, 1, options).fitted as { trees: readonly object[] }).trees.length;
  expect(grown({ groups })).toBeLessThan(20);
  expect(grown({})).toBeGreaterThan(50);
});
