import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FeatureColumn } from '../../ml/columns.ts';
import { rocAuc } from '../../ml/metrics/ranking.ts';
import { fitModel } from '../../ml/model.ts';
import { createRandom } from '../../ml/random.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import type { Feature } from '../../use-cases/define-use-case.ts';
import { drawRow, type SyntheticRow } from '../../use-cases/draw-row.ts';

const { features, source, excluded } = bankMarketing;

test('the call’s duration is excluded, with the reason', () => {
  expect(features).not.toHaveProperty('duration');
  expect(excluded.duration).toMatch(/known only/);
});

test('a seed gives the same synthetic rows', () => {
  expect(draw(7, 50)).toEqual(draw(7, 50));
  expect(draw(8, 50)).not.toEqual(draw(7, 50));
});

test('every synthetic value is one its feature accepts', () => {
  for (const row of draw(1, 1_000)) {
    expect(Object.keys(row.features).sort()).toEqual(Object.keys(features).sort());
    for (const [name, feature] of Object.entries(features)) {
      const value = row.features[name];
      if (feature.type === 'category') expect(feature.levels).toContain(value);
      else if (feature.type === 'boolean') expect(typeof value).toBe('boolean');
      else {
        const [low, high] = feature.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(high);
        if (feature.type === 'integer') expect(Number.isInteger(value)).toBe(true);
      }
    }
  }
});

test('previous contacts, days since them and their outcome agree', () => {
  const rows = draw(2, 20_000).map(row => row.features);
  for (const row of rows) {
    expect(row.previous === 0).toBe(row.pdays === -1);
    expect(row.poutcome === 'unknown').toBe(row.pdays === -1);
  }
  expect(share(rows, row => row.pdays === -1)).toBeCloseTo(0.82, 1);
});

test('one synthetic client in nine subscribes', () => {
  expect(share(draw(3, 40_000), row => row.label)).toBeCloseTo(0.117, 1.8);
});

test('a logistic model learns from the synthetic rows about as much as from the real ones', () => {
  const rows = draw(5, 20_000);
  const columns = Object.entries(features).map(([name, feature]) => toColumn(name, feature, rows));
  const labels = Uint8Array.from(rows, row => Number(row.label));
  const indices = Int32Array.from(rows.keys());
  const [fitted, left] = [indices.subarray(0, 12_000), indices.subarray(12_000)];
  const model = fitModel({ algorithm: 'logistic-regression' }, { columns, labels }, fitted, 1);
  const auc = rocAuc(labels.slice(12_000), model.predict(columns, left));
  expect(auc).toBeGreaterThan(0.7);
  expect(auc).toBeLessThan(0.85);
});

/** The published file, where someone has put it beside the repository. */
const real = process.env.BANK_CSV ?? fileURLToPath(new URL('../../../shared/data/bank-full.csv', import.meta.url));

(existsSync(real) ? test : test.skip)('shares of levels are those of the published data, within .04', () => {
  const [header, ...lines] = readFileSync(real, 'utf8').replaceAll('"', '').trim().split('\n');
  const names = header!.split(';');
  const published = lines.map(line => Object.fromEntries(line.split(';').map((value, index) => [names[index], value])));
  const drawn = draw(4, 45_000).map(row => row.features);
  for (const [name, feature] of Object.entries(features)) {
    if (feature.type !== 'category') continue;
    const column = source.columns?.features?.[name] ?? name;
    for (const level of feature.levels) {
      const expected = share(published, row => row[column] === level);
      expect(Math.abs(share(drawn, row => row[name] === level) - expected)).toBeLessThan(0.04);
    }
  }
});

function toColumn(name: string, feature: Feature, rows: readonly SyntheticRow[]): FeatureColumn {
  const values = rows.map(row => row.features[name]!);
  if (feature.type !== 'category') return { kind: 'number', name, values: Float32Array.from(values, Number) };
  const { levels } = feature;
  return { kind: 'category', name, levels, codes: Int32Array.from(values, value => levels.indexOf(String(value))) };
}

function draw(seed: number, rows: number): SyntheticRow[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, () => drawRow(source.synthetic, random));
}

function share<Row>(rows: readonly Row[], matches: (row: Row) => boolean): number {
  return rows.filter(matches).length / rows.length;
}
