import { actOnReport, type DecideServices } from '../../../lifecycle/monitoring/act-on-report.ts';
import { listDecisions } from '../../../lifecycle/monitoring/decisions.ts';
import { type MonitorServices, makeReport } from '../../../lifecycle/monitoring/make-report.ts';
import { listReports } from '../../../lifecycle/monitoring/reports.ts';
import { type Lake, startLake } from '../datasets/lake.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { archiveUntil, learnSomething, openMonitored, predict, tell } from './monitored.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

test('whichever call it dies after, each window is reported on once, decided on once, and starts one lifecycle at most', async () => {
  const retrainOn = { driftWindows: 1 };
  const opened = await openMonitored(lake, { retrainOn, cooldownHours: 1_000 });
  const { services, useCase } = opened;
  await learnSomething(opened);
  const mature = await predict(opened, { day: '2026-06-04T00:00:00Z', count: 60, seed: 5 });
  await tell(opened, mature, { receivedAt: '2026-06-13T08:00:00.000Z' });
  const alter = (features: object) => ({ ...features, amount: 990 });
  for (const day of ['2026-06-12', '2026-06-13', '2026-06-14']) {
    await predict(opened, { day: `${day}T00:00:00Z`, count: 60, alter });
  }
  await archiveUntil(opened, '2026-06-13T00:00:00.000Z');

  const started: string[] = [];
  const told: string[] = [];
  const workflows = {
    ...services.workflows,
    async start(_: string, __: object, name: string) {
      started.push(name);
      return `arn:${name}`;
    },
  };
  const events: DecideServices['events'] = {
    async put(type, detail) {
      told.push(`${type} ${(detail as { reportId: string }).reportId}`);
    },
  };
  const { athena, objects, registry, clock } = services;
  const mortal = { athena, objects, registry, clock, workflows, events };
  /** Runs what the machine runs. */
  async function monitor(by: string, dying: MonitorServices & DecideServices = mortal): Promise<void> {
    for (;;) {
      const report = await makeReport(dying, useCase, {
        request: { useCase: useCase.id, again: true },
        executionId: by,
      });
      if (report.status === 'nothing') return;
      await actOnReport(dying, useCase, { ...report, useCase: useCase.id, executionId: by });
      if (!report.more) return;
    }
  }

  await monitor('before');
  await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
  const { deaths } = await retryThroughEveryDeath(mortal, dying => monitor('mortal', dying));

  expect(deaths).toBeGreaterThan(15);
  const windows = ['2026-06-15T00', '2026-06-14T00', '2026-06-13T00'];
  const reports = await listReports(registry, useCase.id);
  expect(reports.map(({ reportId, revision }) => `${reportId}.${revision}`)).toEqual(windows.map(id => `${id}.1`));
  const decisions = await listDecisions(registry, useCase.id);
  expect(decisions.map(({ action, done }) => [action, done !== null])).toEqual([
    ['alert', true],
    ['alert', true],
    ['retrain', true],
  ]);
  expect(new Set(started).size).toBe(1);
  // Nobody is left untold; what was told and not noted down is told again.
  expect([...new Set(told)].sort()).toEqual(
    windows.flatMap(id => [`Monitor Alert ${id}`, `Monitor Report ${id}`]).sort(),
  );
}, 180_000);
