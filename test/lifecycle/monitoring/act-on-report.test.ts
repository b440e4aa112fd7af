import { actOnReport, type DecideServices } from '../../../lifecycle/monitoring/act-on-report.ts';
import { findDecision, listDecisions } from '../../../lifecycle/monitoring/decisions.ts';
import type { MonitorReport } from '../../../lifecycle/monitoring/report.ts';
import { claimReport, ReportNotFoundError } from '../../../lifecycle/monitoring/reports.ts';
import { type Lake, type OpenUseCase, startLake } from '../datasets/lake.ts';
import { learnSomething, openMonitored } from './monitored.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

/** Stores a report in which the concept drifted. */
async function putReport({ services, useCase }: OpenUseCase): Promise<MonitorReport> {
  const report = {
    ...{ format: 1, useCase: useCase.id, reportId: '2026-06-15T00', revision: 1, madeAt: 'now', by: 'monitor' },
    ...{ window: { from: '2026-06-14T00:00:00.000Z', to: '2026-06-15T00:00:00.000Z' }, champion: 1, predictions: 9 },
    ...{ recent: [], mature: [{ version: 1, variant: 'champion', drop: null, concept: { isDrift: true } }] },
  } as unknown as MonitorReport;
  await claimReport(services, report);
  return report;
}

function connect({ services }: OpenUseCase, failures = 0) {
  const told: string[] = [];
  let failing = failures;
  const events: DecideServices['events'] = {
    async put(detailType) {
      if (failing-- > 0) throw new Error('no bus');
      told.push(detailType);
    },
  };
  return { told, services: { ...services, events } };
}

const input = (useCase: string) => ({ useCase, reportId: '2026-06-15T00', revision: 1, executionId: 'monitor' });

test('a report is decided on once, and told of once, by however many', async () => {
  const opened = await openMonitored(lake);
  const report = await putReport(opened);
  const { told, services } = connect(opened);
  const first = await actOnReport(services, opened.useCase, input(opened.useCase.id));
  expect(first).toMatchObject({ action: 'alert', lifecycle: null });
  expect(first.reasons).toEqual([
    'v1 champion: outcomes no longer follow the probabilities',
    "no mature row is newer than the champion's",
  ]);
  expect(await actOnReport(services, opened.useCase, input(opened.useCase.id))).toEqual(first);
  expect(told).toEqual(['Monitor Report', 'Monitor Alert']);
  expect(await listDecisions(services.registry, opened.useCase.id)).toHaveLength(1);
  expect(await findDecision(services.registry, report)).toMatchObject({ champion: 1, newMatureRows: 0, done: {} });
});

test('of two that decide at once, one decides, and the lifecycle that both start is one', async () => {
  const opened = await openMonitored(lake, { action: 'retrain' });
  const report = await putReport(opened);
  const started = new Set<string>();
  const { services } = connect(opened);
  const workflows = {
    ...services.workflows,
    async start(_: string, __: object, name: string) {
      started.add(name);
      return `arn:${name}`;
    },
  };
  await learnSomething(opened);
  const act = (by: string) =>
    actOnReport({ ...services, workflows }, opened.useCase, { ...input(opened.useCase.id), executionId: by });
  const [one, other] = await Promise.all([act('one'), act('other')]);
  expect(one).toMatchObject({ action: 'retrain', lifecycle: expect.stringContaining('2026-06-15T00-1') });
  expect(other).toEqual(one);
  expect(started.size).toBe(1);
  expect(await listDecisions(services.registry, opened.useCase.id)).toHaveLength(1);
  expect(await findDecision(services.registry, report)).toMatchObject({ done: { lifecycle: one.lifecycle } });
});

test('what was decided and not told of is told when it is tried again', async () => {
  const opened = await openMonitored(lake);
  await putReport(opened);
  const { told, services } = connect(opened, 1);
  const act = () => actOnReport(services, opened.useCase, input(opened.useCase.id));
  await expect(act()).rejects.toThrow('no bus');
  expect(await act()).toMatchObject({ action: 'alert' });
  expect(told).toEqual(['Monitor Report', 'Monitor Alert']);
});

test('predictions that became rows and wait for ingest are evidence to retrain on', async () => {
  const opened = await openMonitored(lake);
  await putReport(opened);
  await opened.drop('predictions/before-2026-06-01-archive-1-0.parquet', 'rows');
  const { services } = connect(opened);
  const started: unknown[] = [];
  const workflows = {
    ...services.workflows,
    async start(machine: string, input: object) {
      started.push([machine, input]);
      return 'arn:lifecycle';
    },
  };
  await expect(
    actOnReport({ ...services, workflows }, opened.useCase, input(opened.useCase.id)),
  ).resolves.toMatchObject({ action: 'retrain', lifecycle: 'arn:lifecycle' });
  expect(started).toEqual([['lifecycle', { useCase: opened.useCase.id, trigger: 'monitor' }]]);
});

test('there is no deciding on a report that is not there', async () => {
  const opened = await openMonitored(lake);
  const { services } = connect(opened);
  await expect(actOnReport(services, opened.useCase, input(opened.useCase.id))).rejects.toThrow(ReportNotFoundError);
});
