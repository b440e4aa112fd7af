import { claimDecision, type RecordedDecision } from '../../../lifecycle/monitoring/decisions.ts';
import { type MonitorServices, makeReport } from '../../../lifecycle/monitoring/make-report.ts';
import type { MonitorReport } from '../../../lifecycle/monitoring/report.ts';
import { listReports, readReport } from '../../../lifecycle/monitoring/reports.ts';
import type { SyntheticFeatures } from '../../../use-cases/define-use-case.ts';
import { type Lake, type OpenUseCase, startLake } from '../datasets/lake.ts';
import { archiveUntil, openMonitored, predict, registerVersion, tell } from './monitored.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

interface Making {
  /** The execution. */
  readonly by?: string;
  readonly again?: boolean;
  readonly services?: MonitorServices;
}

function make({ services: own, useCase }: OpenUseCase, { by = 'monitor', again, services = own }: Making = {}) {
  return makeReport(services, useCase, { request: { useCase: useCase.id, again }, executionId: by });
}

/** Says that the newest report was decided on. */
async function settle({ services: { registry }, useCase }: OpenUseCase): Promise<void> {
  const [{ reportId, revision } = fail()] = await listReports(registry, useCase.id, 1);
  const decision = { useCase: useCase.id, reportId, revision, action: 'none', done: { at: 'now', lifecycle: null } };
  await claimDecision(registry, decision as unknown as RecordedDecision);
}

function fail(): never {
  throw new Error('There is no report');
}

async function reportOn(opened: OpenUseCase): Promise<MonitorReport> {
  const made = await make(opened);
  if (made.status === 'nothing') throw new Error(made.summary);
  return readReport(opened.services, opened.useCase.id, made.reportId);
}

/** Predictions of the day before, and outcomes of the same number ten days earlier. */
async function live(opened: OpenUseCase, recent: Partial<Parameters<typeof predict>[1]> = {}) {
  const earlier = await predict(opened, { day: '2026-06-04T00:00:00Z', count: 600, seed: 5 });
  await tell(opened, earlier.slice(0, 480), { receivedAt: '2026-06-13T08:00:00.000Z' });
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 500, ...recent });
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
}

test('a quiet window has no alarm; its quality is what the holdout promised, and stands beside what was estimated', async () => {
  const opened = await openMonitored(lake);
  await live(opened);
  const report = await reportOn(opened);
  expect(report).toMatchObject({
    ...{ reportId: '2026-06-15T00', revision: 1, champion: 1, predictions: 500 },
    window: { from: '2026-06-14T00:00:00.000Z', to: '2026-06-15T00:00:00.000Z' },
    matureWindow: { from: '2026-06-04T00:00:00.000Z', to: '2026-06-05T00:00:00.000Z' },
  });
  const [recent] = report.recent;
  expect(recent).toMatchObject({ version: 1, variant: 'champion', errors: 0, drift: { verdict: 'no drift' } });
  expect(recent!.latencyMs).toMatchObject({ timed: 500, p50: expect.closeTo(2, 1) });
  expect(recent!.drift.checks.map(({ verdict }) => verdict)).not.toContain('drift');
  const [mature] = report.mature;
  expect(mature).toMatchObject({ predictions: 600, labelled: 480, labelCoverage: 0.8, verdict: 'measured' });
  const { value, low, high } = mature!.metrics!.roc_auc;
  expect(low).toBeLessThan(value!);
  expect(high).toBeGreaterThan(value!);
  expect(Math.abs(mature!.estimated!.roc_auc.value! - value!)).toBeLessThan(0.06);
  expect(mature!.drop).toMatchObject({ metric: 'roc_auc', isDrop: false });
  expect(mature!.concept).toMatchObject({ isDrift: false });
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = mature!.confusion;
  expect(truePositives + falsePositives + trueNegatives + falseNegatives).toBe(480);
  expect(mature!.profit!.total).toBe(truePositives - falsePositives);
});

test('what drifted is named: a feature that moved, one that is missing, and the scores that follow', async () => {
  const opened = await openMonitored(lake);
  await live(opened, {
    alter: features => ({ ...features, amount: Math.min(1_000, Number(features.amount) + 150), is_member: null }),
  });
  const { recent } = await reportOn(opened);
  const drifted = recent[0]!.drift.checks.filter(({ verdict }) => verdict === 'drift');
  expect(drifted.map(({ subject, kind }) => `${subject}: ${kind}`)).toEqual([
    'amount: distribution',
    'is_member: missing',
    'the scores: distribution',
  ]);
});

test('a window has one report, however often and by how many it is made; another look is another revision', async () => {
  const opened = await openMonitored(lake);
  await live(opened);
  const made = await Promise.all([make(opened, { by: 'one' }), make(opened, { by: 'other' })]);
  expect(made.map(({ status }) => status).sort()).toEqual(['made', 'present']);
  expect(await listReports(opened.services.registry, opened.useCase.id)).toHaveLength(1);
  expect(await make(opened)).toMatchObject({ status: 'present', revision: 1 });
  expect(await make(opened, { again: true })).toMatchObject({ status: 'made', revision: 2 });
  // Its execution was begun anew, and goes on with what it has.
  expect(await make(opened, { again: true })).toMatchObject({ status: 'made', revision: 2 });
  const names = (await listReports(opened.services.registry, opened.useCase.id)).map(({ revision }) => revision);
  expect(names).toEqual([2, 1]);
});

test('a report that Athena fails in the middle of leaves nothing, and is made when it works again', async () => {
  const opened = await openMonitored(lake);
  await live(opened);
  for (let failing = 2; failing <= 5; failing++) {
    let queries = 0;
    const { athena } = opened.services;
    const broken: typeof athena = {
      ...athena,
      query: (...asked) => (++queries === failing ? Promise.reject(new Error('slow down')) : athena.query(...asked)),
    };
    await expect(make(opened, { services: { ...opened.services, athena: broken } })).rejects.toThrow('slow down');
    expect(await listReports(opened.services.registry, opened.useCase.id)).toEqual([]);
  }
  expect(await make(opened)).toMatchObject({ status: 'made', revision: 1 });
});

test('a report in which Athena was so slow that another monitor has made it meanwhile does not count', async () => {
  const opened = await openMonitored(lake);
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 30 });
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const { athena } = opened.services;
  const slow: typeof athena = { ...athena, query: (...asked) => answered.then(() => athena.query(...asked)) };
  const late = make(opened, { by: 'late', services: { ...opened.services, athena: slow } });
  expect(await make(opened, { by: 'quick' })).toMatchObject({ status: 'made' });
  answer();
  expect(await late).toMatchObject({ status: 'present', revision: 1 });
  expect(await listReports(opened.services.registry, opened.useCase.id)).toMatchObject([{ by: 'quick' }]);
});

test('windows that were missed are made up for, oldest first, each once and on its own predictions', async () => {
  const opened = await openMonitored(lake);
  await predict(opened, { day: '2026-06-11T00:00:00Z', count: 40 });
  await archiveUntil(opened, '2026-06-12T00:00:00.000Z');
  expect(await make(opened)).toMatchObject({ reportId: '2026-06-12T00', more: false });
  await settle(opened);
  await predict(opened, { day: '2026-06-13T00:00:00Z', count: 30 });
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 20 });
  await archiveUntil(opened, '2026-06-15T05:00:00.000Z');
  const found = (predictions: number) => expect.stringMatching(new RegExp(`^${predictions} predictions`));
  const expected = [
    { reportId: '2026-06-13T00', more: true, summary: found(0) },
    { reportId: '2026-06-14T00', more: true, summary: found(30) },
    { reportId: '2026-06-15T00', more: false, summary: found(20) },
  ];
  for (const report of expected) {
    expect(await make(opened)).toMatchObject({ status: 'made', revision: 1, ...report });
    // Until it is decided on, it is the one that is asked for.
    expect(await make(opened, { by: 'other', again: report.more })).toMatchObject({ status: 'present', ...report });
    await settle(opened);
  }
  expect(await make(opened, { by: 'other' })).toMatchObject({ status: 'present', ...expected[2] });
});

test('a missed window that cannot be compared does not stand in the way of the newer ones, the newest says so', async () => {
  const opened = await openMonitored(lake);
  await archiveUntil(opened, '2026-06-12T00:00:00.000Z');
  await predict(opened, { day: '2026-06-11T00:00:00Z', count: 40 });
  await make(opened);
  await settle(opened);
  await predict(opened, { day: '2026-06-12T00:00:00Z', count: 5, version: 7 });
  await predict(opened, { day: '2026-06-13T00:00:00Z', count: 30 });
  await archiveUntil(opened, '2026-06-14T00:00:00.000Z');
  expect(await make(opened)).toMatchObject({ status: 'made', reportId: '2026-06-14T00', more: false });
  await settle(opened);
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 5, version: 7 });
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  await expect(make(opened)).rejects.toMatchObject({ name: 'VersionNotFoundError' });
});

test('two variants are reported on each for itself: what drifted and what got worse is named by variant', async () => {
  const opened = await openMonitored(lake);
  await registerVersion(opened, { version: 2 });
  const challenger = { version: 2, variant: 'challenger', seed: 7 };
  const [ours, theirs] = [
    await predict(opened, { day: '2026-06-04T00:00:00Z', count: 400, seed: 5 }),
    await predict(opened, { day: '2026-06-04T00:00:00Z', count: 300, ...challenger }),
  ];
  await tell(opened, ours, { receivedAt: '2026-06-13T08:00:00.000Z' });
  const contrary = ({ amount }: { readonly amount?: unknown }) => 1 - Number(amount) / 1_000;
  await tell(opened, theirs, { receivedAt: '2026-06-13T08:00:00.000Z', law: contrary });
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 500 });
  const richer = (features: SyntheticFeatures) => ({
    ...features,
    amount: Math.min(1_000, Number(features.amount) + 200),
  });
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 350, ...challenger, alter: richer });
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  const report = await reportOn(opened);
  expect(report).toMatchObject({ champion: 1, predictions: 850 });
  expect(report.models.map(({ version }) => version).sort()).toEqual([1, 2]);
  expect(
    report.recent.map(({ version, variant, predictions, drift }) => ({
      version,
      variant,
      predictions,
      verdict: drift.verdict,
    })),
  ).toEqual([
    { version: 2, variant: 'challenger', predictions: 350, verdict: 'drift' },
    { version: 1, variant: 'champion', predictions: 500, verdict: 'no drift' },
  ]);
  const [bad, good] = report.mature.toSorted((a, b) => b.version - a.version);
  expect(bad).toMatchObject({ version: 2, labelled: 300, drop: { isDrop: true }, concept: { isDrift: true } });
  expect(good).toMatchObject({ version: 1, labelled: 400, drop: { isDrop: false }, concept: { isDrift: false } });
  const [summary] = await listReports(opened.services.registry, opened.useCase.id);
  expect(summary!.drifted).toEqual(['v2 challenger amount: distribution', 'v2 challenger the scores: distribution']);
  expect(summary!.worse).toEqual([
    expect.stringMatching(/^v2 challenger: roc_auc fell/),
    'v2 challenger: outcomes no longer follow the probabilities',
  ]);
  // The champion's figures stand for all.
  expect(summary!.rocAuc).toBe(good!.metrics!.roc_auc.value);
});

test('a feature that only the version or only the archive has, a constant one, and one without any value', async () => {
  const opened = await openMonitored(lake);
  // Version 2 has never seen a member, and has tenure, which the use case has no more; visits came after it. Version 3 had no value of visits.
  await registerVersion(opened, {
    version: 2,
    train: ({ visits, ...features }) => ({ ...features, is_member: false, tenure: Number(visits) }),
  });
  await registerVersion(opened, { version: 3, train: features => ({ ...features, visits: null }) });
  const day = '2026-06-14T00:00:00Z';
  // Nobody has sent a plan yet: no archived row has one.
  const alter = (features: SyntheticFeatures) => ({ ...features, plan: null });
  await predict(opened, { day, count: 300, version: 2, alter: features => ({ ...alter(features), is_member: false }) });
  await predict(opened, { day, count: 300, version: 3, variant: 'challenger', alter });
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  const { recent } = await reportOn(opened);
  const [challenger, champion] = recent;
  const drifted = ({ drift }: (typeof recent)[number]) =>
    drift.checks.filter(({ verdict }) => verdict === 'drift').map(({ subject, kind }) => `${subject}: ${kind}`);
  expect(drifted(champion!)).toEqual(['plan: missing']);
  expect(champion!.drift.notCompared).toEqual(['tenure']);
  const constant = champion!.drift.checks.filter(({ subject }) => subject === 'is_member');
  expect(constant.map(({ kind }) => kind)).toEqual(['missing', 'out of range']);
  expect(champion!.drift.checks.map(({ subject }) => subject)).not.toContain('visits');
  expect(drifted(challenger!)).toEqual(['visits: missing', 'plan: missing']);
  const figures = recent
    .flatMap(({ drift }) => drift.checks)
    .flatMap(({ effect, pValue, power }) => [effect, pValue, power]);
  expect(figures.every(Number.isFinite)).toBe(true);
});

test('without an archive there is nothing to report', async () => {
  const opened = await openMonitored(lake);
  expect(await make(opened)).toMatchObject({ status: 'nothing' });
});

test('a window without predictions, one with one class and one with few rows are reported as what they are', async () => {
  const opened = await openMonitored(lake);
  const earlier = await predict(opened, { day: '2026-06-04T00:00:00Z', count: 60 });
  await tell(opened, earlier, { receivedAt: '2026-06-13T08:00:00.000Z', law: () => 0 });
  await predict(opened, { day: '2026-06-13T00:00:00Z', count: 12 });
  await archiveUntil(opened, '2026-06-14T00:00:00.000Z');
  expect((await reportOn(opened)).recent[0]).toMatchObject({
    predictions: 12,
    drift: { verdict: 'insufficient data' },
  });
  await settle(opened);
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  const report = await reportOn(opened);
  expect(report).toMatchObject({ predictions: 0, recent: [] });
  expect(report.mature[0]).toMatchObject({ verdict: 'insufficient data', metrics: null, drop: null, positives: 0 });
});
