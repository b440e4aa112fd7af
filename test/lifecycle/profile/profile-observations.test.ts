import type { DataProfile, FeatureProfile } from '../../../contracts/profile.ts';
import { profileObservations } from '../../../lifecycle/profile/profile-observations.ts';
import { rocAuc } from '../../../ml/metrics/ranking.ts';
import { createRandom } from '../../../ml/random.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { type Lake, startLake } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

interface Row {
  readonly amount: number | null;
  readonly visits: number;
  readonly plan: string | null;
  readonly member: boolean;
  readonly label: 0 | 1;
}

const header = 'id,customer,at,amount,visits,plan,member,churned';

async function profile(rows: readonly Row[], others: readonly string[] = [], definition: UseCase = minimalUseCase) {
  const tiny = await lake.open(definition);
  const lines = rows.map(
    ({ amount, visits, plan, member, label }, i) =>
      `r${i},c${i},2026-01-02,${amount ?? ''},${visits},${plan ?? ''},${member ? 'ja' : 'nein'},${label ? 'yes' : 'no'}`,
  );
  await tiny.drop('rows.csv', [header, ...lines, ...others].join('\n'));
  await tiny.ingest('first');
  return profileObservations(tiny.services, tiny.useCase);
}

/** 400 rows; `amount` and `plan` have to do with the label and with each other, `visits` and `member` with nothing. */
function drawRows(): Row[] {
  const random = createRandom(5);
  return Array.from({ length: 400 }, (_, i) => {
    const label = random.uniform() < 0.3 ? 1 : 0;
    const amount = Math.round(1e3 * Math.max(0, Math.min(500 + 100 * label + 150 * random.normal(), 1_000))) / 1e3;
    const plan = random.uniform() < (amount > 550 ? 0.8 : 0.3) ? 'pro' : 'basic';
    return {
      ...{ amount: i % 20 === 0 ? null : amount, visits: random.integer(9), plan: i % 50 === 7 ? null : plan },
      ...{ member: random.uniform() < 0.3, label },
    };
  });
}

describe('a profile', () => {
  const rows = drawRows();
  const positives = rows.filter(({ label }) => label === 1).length;
  let found: DataProfile;
  const feature = (name: string): FeatureProfile => found.features.find(candidate => candidate.name === name)!;
  const association = (...features: string[]) =>
    found.associations.find(candidate => features.every(name => candidate.features.includes(name)))!;

  beforeAll(async () => {
    const immature = 'young,c,2026-06-14,1,1,pro,ja,yes';
    const unlabelled = 'unlabelled,c,2026-01-02,1,1,pro,ja,';
    found = (await profile(rows, [immature, unlabelled])) as DataProfile;
  });

  test('counts only what is mature and labelled', () => {
    expect(found).toMatchObject({ status: 'profiled', rows: 400, positives, matureUntil: '2026-06-05T12:00:00.000Z' });
    for (const { cells, missing } of found.features) {
      expect(cells.reduce((sum, cell) => sum + cell.rows, 0) + missing).toBe(400);
    }
  });

  test('summarizes numbers, and counts what is missing', () => {
    const amounts = rows.flatMap(({ amount }) => amount ?? []).sort((a, b) => a - b);
    const mean = amounts.reduce((sum, value) => sum + value, 0) / amounts.length;
    const { missing, numbers } = feature('amount');
    expect(missing).toBe(20);
    expect(numbers).toMatchObject({ minimum: amounts[0], maximum: amounts.at(-1) });
    expect(numbers!.mean).toBeCloseTo(mean, 9);
    expect(Math.abs(numbers!.quantiles['0.5']! - amounts[190]!)).toBeLessThan(15);
    expect(feature('plan')).toMatchObject({ missing: 8, numbers: null });
  });

  test('gives a whole number, a level and a truth value a cell each', () => {
    expect(feature('visits').cells.map(({ name }) => name)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8']);
    const pros = rows.filter(({ plan }) => plan === 'pro');
    expect(feature('plan').cells).toEqual([
      expect.objectContaining({ name: 'basic' }),
      { name: 'pro', rows: pros.length, positives: pros.filter(({ label }) => label).length },
    ]);
    expect(feature('is_member').cells.map(({ name }) => name)).toEqual(['false', 'true']);
  });

  test('ranks by a number as the metric itself does', () => {
    const known = rows.filter(({ amount }) => amount !== null);
    const auc = rocAuc(
      Uint8Array.from(known, ({ label }) => label),
      Float64Array.from(known, ({ amount }) => amount!),
    );
    expect(feature('amount').withLabel!.auc).toBeGreaterThanOrEqual(auc - 1e-12);
    expect(feature('amount').withLabel!.auc).toBeLessThan(auc + 0.06);
  });

  test('finds out what belongs together', () => {
    expect(association('amount', 'plan')).toMatchObject({ measure: 'correlation ratio' });
    expect(association('amount', 'plan').value).toBeGreaterThan(0.3);
    expect(association('is_member', 'plan').measure).toBe("Cramér's V");
    expect(association('is_member', 'plan').value).toBeLessThan(0.25);
    const known = rows.filter(({ amount }) => amount !== null);
    const expected = correlate(
      known.map(({ amount }) => amount!),
      known.map(({ visits }) => visits),
    );
    expect(association('amount', 'visits').measure).toBe('correlation');
    expect(association('amount', 'visits').value).toBeCloseTo(expected, 9);
    expect(found.associations).toHaveLength(6);
  });

  test('suspects nobody without reason', () => {
    expect(found.suspects).toEqual([]);
    expect(feature('visits').withLabel!.mutualInformation).toBeLessThan(0.03);
  });
});

test('a feature that knows the label is suspected, be it by its order, its level or by being missing', async () => {
  const honest = drawRows();
  const [ordered, levelled, missing] = (await Promise.all([
    profile(honest.map(row => ({ ...row, visits: row.label === 1 ? 9 - (row.visits % 3) : row.visits % 4 }))),
    profile(honest.map(row => ({ ...row, plan: row.label === 1 ? 'pro' : 'basic' }))),
    profile(honest.map(row => ({ ...row, amount: row.label === 1 ? null : 5 }))),
  ])) as [DataProfile, DataProfile, DataProfile];
  expect(ordered.suspects).toMatchObject([{ feature: 'visits', auc: 1 }]);
  expect(levelled.suspects).toMatchObject([{ feature: 'plan', auc: 1 }]);
  expect(missing.suspects).toMatchObject([{ feature: 'amount', auc: 1 }]);
});

test('constants, features without a value and labels of one class have a profile', async () => {
  const found = (await profile(
    drawRows().map(row => ({ ...row, amount: null, visits: 4, label: 1 as const })),
  )) as DataProfile;
  expect(found.features.map(({ withLabel }) => withLabel)).toEqual([null, null, null, null]);
  expect(found.features[0]).toMatchObject({ name: 'amount', missing: 400, numbers: null, cells: [] });
  expect(found.features[1]).toMatchObject({ name: 'visits', cells: [{ name: '4', rows: 400, positives: 400 }] });
});

test('levels that nobody has declared are counted together', async () => {
  const tiny = await lake.open(minimalUseCase);
  const row = (id: string, plan: string, label: string) => `${id},c,2026-01-02,1,1,${plan},ja,${label}`;
  await tiny.drop('rows.csv', [header, row('a', 'pro', 'yes'), row('b', 'basic', 'no'), row('c', '', 'no')].join('\n'));
  // What was asked of a model is not bound to the levels.
  const asked = [header, row('d', 'gold', 'yes'), row('e', 'silver', 'no'), row('f', 'gold', 'yes')];
  await tiny.drop('predictions/asked.csv', asked.join('\n'));
  await tiny.ingest('first');
  const found = await profileObservations(tiny.services, tiny.useCase);
  expect((found as DataProfile).features.find(({ name }) => name === 'plan')).toMatchObject({
    missing: 1,
    cells: [
      { name: 'basic', rows: 1, positives: 0 },
      { name: 'pro', rows: 1, positives: 1 },
      { name: '(other levels)', rows: 3, positives: 2 },
    ],
  });
});

test('without mature observations there is none, and it says why', async () => {
  const tiny = await lake.open(minimalUseCase);
  expect(await profileObservations(tiny.services, tiny.useCase)).toEqual({
    status: 'insufficient data',
    reason: 'there are no observations yet',
  });
  expect(await profile([], ['young,c,2026-06-14,1,1,pro,ja,yes'])).toMatchObject({ status: 'insufficient data' });
});

test('features may be named like anything in a statement', async () => {
  const { amount, ...features } = minimalUseCase.features;
  const found = (await profile(drawRows(), [], {
    ...minimalUseCase,
    features: { item: amount!, cell: { ...minimalUseCase.features.is_member!, meaning: 'A cell' }, ...features },
    source: {
      ...minimalUseCase.source,
      columns: { ...minimalUseCase.source.columns, features: { item: 'amount', cell: 'member', is_member: 'member' } },
    },
  })) as DataProfile;
  expect(found.rows).toBe(400);
});

function correlate(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  const spread = (values: readonly number[], m: number) => Math.sqrt(mean(values.map(value => (value - m) ** 2)));
  return covariance / spread(x, mx) / spread(y, my);
}
