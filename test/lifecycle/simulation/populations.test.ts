import { driftPopulation } from '../../../lifecycle/simulation/drift-population.ts';
import { moveConcept } from '../../../lifecycle/simulation/move-concept.ts';
import { readDrift } from '../../../lifecycle/simulation/read-drift.ts';
import { rocAuc } from '../../../ml/metrics/ranking.ts';
import { createRandom } from '../../../ml/random.ts';
import bankMarketing from '../../../use-cases/bank-marketing.ts';
import cardFraud from '../../../use-cases/card-fraud.ts';
import type { Population, SyntheticFeatures, UseCase } from '../../../use-cases/define-use-case.ts';
import { drawRow } from '../../../use-cases/draw-row.ts';
import offerConversion from '../../../use-cases/offer-conversion.ts';
import telcoChurn from '../../../use-cases/telco-churn.ts';

const shipped = [bankMarketing, cardFraud, offerConversion, telcoChurn].map(useCase => [useCase.id, useCase] as const);

test('without drift, a population is the use case’s own', () => {
  const { source, features } = bankMarketing;
  expect(driftPopulation(source.synthetic, features, [])).toBe(source.synthetic);
  expect(moveConcept(source.synthetic, features, 0)).toBe(source.synthetic);
});

test('a number moves by standard deviations of what it was', () => {
  const charges = (text: string) => drawMany(drifted(telcoChurn, text)).map(row => Number(row.monthly_charges));
  const before = charges('');
  const middle = mean(before);
  const shift = mean(charges('monthly_charges=+1sd')) - middle;
  const sd = Math.sqrt(mean(before.map(value => (value - middle) ** 2)));
  expect(shift / sd).toBeCloseTo(1, 1);
  expect(mean(charges('monthly_charges=*2')) / middle).toBeCloseTo(2, 6);
});

test('a drifted number stays in its range, an integer whole, a missing value missing', () => {
  const rows = drawMany(drifted(telcoChurn, 'tenure=-1sd,total_charges=*1000'));
  expect(rows.every(({ tenure }) => Number.isInteger(tenure) && Number(tenure) >= 0)).toBe(true);
  expect(rows.every(({ total_charges }) => total_charges === null || Number(total_charges) <= 100_000)).toBe(true);
  expect(rows.some(({ total_charges }) => total_charges === null)).toBe(true);
});

test('outcomes follow what has drifted', () => {
  const probability = (text: string) => {
    const population = drifted(telcoChurn, text);
    return mean(drawMany(population).map(row => population.law(row)));
  };
  expect(probability('contract=Month-to-month→Two year')).toBeLessThan(probability('') / 2);
});

test('the law goes on seeing the level that one which it cannot know replaced', () => {
  const population = drifted(bankMarketing, 'job=student→gig-worker');
  const rows = drawMany(population);
  const workers = rows.filter(row => row.job === 'gig-worker');
  expect(rows.filter(row => row.job === 'student')).toEqual([]);
  expect(workers.length).toBeGreaterThan(0);
  for (const row of workers) {
    expect(population.law(row)).toBe(bankMarketing.source.synthetic.law({ ...row, job: 'student' }));
  }
});

describe.each(shipped)('concept drift of %s', (_id, useCase) => {
  const original = useCase.source.synthetic;
  const rows = drawMany(original);

  test('keeps the share of positives and gives probabilities', () => {
    for (const concept of [0.3, 1]) {
      const population = moved(useCase, concept);
      const laws = rows.map(row => population.law(row));
      expect(laws.every(law => law >= 0 && law <= 1)).toBe(true);
      expect(mean(laws)).toBeCloseTo(mean(rows.map(row => original.law(row))), 1.3);
    }
  });

  test('makes the old law worse the further it goes, while the outcomes go on following the features', () => {
    const populations = [0, 0.3, 1].map(concept => moved(useCase, concept));
    const quality = (judge: Population, population: Population) => {
      const random = createRandom(9);
      const drawn = Array.from({ length: 4_000 }, () => drawRow(population, random));
      const labels = Uint8Array.from(drawn, row => Number(row.label));
      return rocAuc(
        labels,
        Float64Array.from(drawn, row => judge.law(row.features)),
      );
    };
    const old = populations.map(population => quality(original, population));
    expect(old[1]).toBeLessThan(old[0]!);
    expect(old[2]).toBeLessThan(old[1]!);
    expect(quality(populations[2]!, populations[2]!)).toBeGreaterThan(old[2]! + 0.08);
  });
});

test('a concept outside [0, 1] is refused', () => {
  expect(() => moved(bankMarketing, 1.1)).toThrow('Concept drift is 1.1, expected 0 to 1');
});

function drifted(useCase: UseCase, text: string): Population {
  return driftPopulation(useCase.source.synthetic, useCase.features, readDrift(useCase, text));
}

function moved({ source, features }: UseCase, concept: number): Population {
  return moveConcept(source.synthetic, features, concept);
}

function drawMany(population: Population): SyntheticFeatures[] {
  const random = createRandom(5);
  return Array.from({ length: 4_000 }, () => population.draw(random));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
