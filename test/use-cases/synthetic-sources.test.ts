import type { FeatureColumn } from '../../ml/columns.ts';
import { averagePrecision, rocAuc } from '../../ml/metrics/ranking.ts';
import { type Candidate, fitModel } from '../../ml/model.ts';
import { createRandom } from '../../ml/random.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import cardFraud from '../../use-cases/card-fraud.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { drawRow, type SyntheticRow } from '../../use-cases/draw-row.ts';
import offerConversion from '../../use-cases/offer-conversion.ts';
import telcoChurn from '../../use-cases/telco-churn.ts';
import { publishedFile, readPublishedRows } from './published-rows.ts';

const shipped = [bankMarketing, cardFraud, offerConversion, telcoChurn].map(useCase => [useCase.id, useCase] as const);

describe.each(shipped)('the source of %s', (_id, useCase) => {
  const { features, source } = useCase;

  test('gives the same rows for the same seed', () => {
    expect(draw(useCase, 7, 50)).toEqual(draw(useCase, 7, 50));
    expect(draw(useCase, 8, 50)).not.toEqual(draw(useCase, 7, 50));
  });

  test('draws what every feature accepts', () => {
    for (const row of draw(useCase, 1, 2_000)) {
      expect(Object.keys(row.features).sort()).toEqual(Object.keys(features).sort());
      for (const [name, feature] of Object.entries(features)) expectAccepted(feature, row.features[name]!);
    }
  });

  test('has a law that gives probabilities', () => {
    const laws = draw(useCase, 2, 2_000).map(row => source.synthetic.law(row.features));
    expect(laws.every(law => law > 0 && law < 1)).toBe(true);
  });
});

/** The share of positives, and what a logistic model reaches on rows it has not seen: of three about as on the published data. */
test.each([
  ['bank-marketing', bankMarketing, 0.117, 0.7, 0.82],
  ['telco-churn', telcoChurn, 0.265, 0.82, 0.87],
  ['offer-conversion', offerConversion, 0.147, 0.62, 0.67],
  ['card-fraud', cardFraud, 0.1, 0.55, 0.7],
] as const)('a logistic model finds in %s about what it finds elsewhere', (_id, useCase, positives, low, high) => {
  expect(share(draw(useCase, 3, 40_000), row => row.label)).toBeCloseTo(positives, 1.8);
  const auc = rocAuc(...judge(useCase, { algorithm: 'logistic-regression' }));
  expect(auc).toBeGreaterThan(low);
  expect(auc).toBeLessThan(high);
});

test('boosted trees find the frauds that a linear model does not', () => {
  const precision = (candidate: Candidate) => averagePrecision(...judge(cardFraud, candidate));
  const linear = precision({ algorithm: 'logistic-regression' });
  const trees = precision({ algorithm: 'gradient-boosting', trees: 100, maxDepth: 4 });
  expect(linear).toBeLessThan(0.25);
  expect(trees).toBeGreaterThan(0.4);
});

describe.each([
  ['bank-full.csv', bankMarketing],
  ['telco-churn.csv', telcoChurn],
  ['marketing-conversion.csv', offerConversion],
] as const)('beside %s, where someone has put it', (file, useCase) => {
  const onFile = publishedFile(file) ? test : test.skip;

  onFile('every published row is accepted, and its levels are drawn as often as published, within .04', async () => {
    const rows = await readPublishedRows(publishedFile(file)!, useCase);
    expect(rows.filter(row => typeof row === 'string')).toEqual([]);
    const published = rows as readonly SyntheticRow[];
    const drawn = draw(useCase, 4, 40_000);
    for (const [name, feature] of Object.entries(useCase.features)) {
      const levels = feature.type === 'category' ? feature.levels : feature.type === 'boolean' ? [true] : [];
      for (const level of levels) {
        const isLevel = (row: SyntheticRow) => row.features[name] === level;
        expect(Math.abs(share(drawn, isLevel) - share(published, isLevel))).toBeLessThan(0.04);
      }
    }
  });
});

test('a telco customer who was never billed has no total', () => {
  const unbilled = draw(telcoChurn, 6, 20_000).filter(({ features }) => features.tenure === 0);
  expect(unbilled.length).toBeGreaterThan(0);
  expect(unbilled.filter(({ features }) => features.total_charges !== null)).toEqual([]);
});

function expectAccepted(feature: Feature, value: unknown): void {
  if (value === null) return;
  if (feature.type === 'category') expect(feature.levels).toContain(value);
  else if (feature.type === 'boolean') expect(typeof value).toBe('boolean');
  else {
    const [low, high] = feature.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(value).toBeGreaterThanOrEqual(low);
    expect(value).toBeLessThanOrEqual(high);
    if (feature.type === 'integer') expect(Number.isInteger(value)).toBe(true);
  }
}

/** Fits on 12,000 rows; the labels of 8,000 more, and their probabilities. */
function judge(useCase: UseCase, candidate: Candidate): [labels: Uint8Array, probabilities: Float64Array] {
  const rows = draw(useCase, 5, 20_000);
  const columns = Object.entries(useCase.features).map(([name, feature]) => toColumn(name, feature, rows));
  const labels = Uint8Array.from(rows, row => Number(row.label));
  const indices = Int32Array.from(rows.keys());
  const model = fitModel(candidate, { columns, labels }, indices.subarray(0, 12_000), 1);
  return [labels.slice(12_000), model.predict(columns, indices.subarray(12_000))];
}

function toColumn(name: string, feature: Feature, rows: readonly SyntheticRow[]): FeatureColumn {
  const values = rows.map(row => row.features[name]!);
  if (feature.type !== 'category') {
    return {
      kind: 'number',
      name,
      values: Float32Array.from(values, value => (value === null ? Number.NaN : Number(value))),
    };
  }
  const { levels } = feature;
  return { kind: 'category', name, levels, codes: Int32Array.from(values, value => levels.indexOf(String(value))) };
}

function draw({ source }: UseCase, seed: number, rows: number): SyntheticRow[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, () => drawRow(source.synthetic, random));
}

function share<Row>(rows: readonly Row[], matches: (row: Row) => boolean): number {
  return rows.filter(matches).length / rows.length;
}
