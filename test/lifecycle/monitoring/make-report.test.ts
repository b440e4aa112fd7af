import { makeReport } from '../../../lifecycle/monitoring/make-report.ts';
import type { MonitorReport } from '../../../lifecycle/monitoring/report.ts';
import { listReports, readReport } from '../../../lifecycle/monitoring/reports.ts';
import { type Lake, type OpenUseCase, startLake } from '../datasets/lake.ts';
import { archiveUntil, openMonitored, predict, tell } from './monitored.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

function make({ services, useCase }: OpenUseCase, again = false, others = services) {
  return makeReport(others, useCase, { request: { useCase: useCase.id, again }, executionId: 'monitor' });
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
  const made = await Promise.all([make(opened), make(opened)]);
  expect(made.map(({ status }) => status)).toEqual(['made', 'made']);
  expect(await listReports(opened.services.registry, opened.useCase.id)).toHaveLength(1);
  expect(await make(opened)).toMatchObject({ status: 'present', revision: 1 });
  expect(await make(opened, true)).toMatchObject({ status: 'made', revision: 2 });
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
    await expect(make(opened, false, { ...opened.services, athena: broken })).rejects.toThrow('slow down');
    expect(await listReports(opened.services.registry, opened.useCase.id)).toEqual([]);
  }
  expect(await make(opened)).toMatchObject({ status: 'made', revision: 1 });
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
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  const report = await reportOn(opened);
  expect(report).toMatchObject({ predictions: 0, recent: [] });
  expect(report.mature[0]).toMatchObject({ verdict: 'insufficient data', metrics: null, drop: null, positives: 0 });
});
