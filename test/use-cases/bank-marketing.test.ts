import { createRandom } from '../../ml/random.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';

const { features, source, excluded } = bankMarketing;

test('the call’s duration is excluded, with the reason', () => {
  expect(features).not.toHaveProperty('duration');
  expect(excluded.duration).toMatch(/known only/);
});

test('previous contacts, days since them and their outcome agree', () => {
  const random = createRandom(2);
  const rows = Array.from({ length: 20_000 }, () => source.synthetic.draw(random));
  for (const row of rows) {
    expect(row.previous === 0).toBe(row.pdays === -1);
    expect(row.poutcome === 'unknown').toBe(row.pdays === -1);
  }
  expect(rows.filter(row => row.pdays === -1).length / rows.length).toBeCloseTo(0.82, 1);
});
