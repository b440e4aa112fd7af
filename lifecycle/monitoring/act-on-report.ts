import type { DecideInput, DecideOutput } from '../../contracts/monitor-tasks.ts';
import type { LifecycleRequest } from '../../contracts/tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Events } from '../../platform/events.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { Workflows } from '../../platform/workflows.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { observationsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { labelSeqAfterChampion } from '../datasets/freeze.ts';
import { landingPrefix } from '../datasets/landing-keys.ts';
import { selectFiles } from '../datasets/plan-batch.ts';
import { selectDataset } from '../datasets/select-dataset.ts';
import { readCurrentSnapshot } from '../datasets/snapshot.ts';
import { findRunningLifecycle } from '../registry/lifecycle-lease.ts';
import { type DecisionGrounds, decide } from './decide.ts';
import { claimDecision, findDecision, finishDecision, listDecisions, type RecordedDecision } from './decisions.ts';
import type { ReportSummary } from './report.ts';
import { findReport, listReports, ReportNotFoundError } from './reports.ts';
import { windowsBefore } from './window.ts';

export interface DecideServices {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly workflows: Workflows;
  readonly events: Events;
  readonly clock: Clock;
}

/**
 * Decides on a report and acts on it, both once: the decision is on record before anything is started, and the lifecycle's name follows from the report.
 *
 * @throws {ReportNotFoundError}
 */
export async function actOnReport(
  services: DecideServices,
  useCase: UseCase,
  input: DecideInput,
): Promise<DecideOutput> {
  const { registry } = services;
  const report = (await listReports(registry, useCase.id)).find(
    ({ reportId, revision }) => reportId === input.reportId && revision === input.revision,
  );
  if (!report) throw new ReportNotFoundError(useCase.id, input.reportId);
  const decision =
    (await findDecision(registry, report)) ?? (await record(services, useCase, report, input.executionId));
  const lifecycle = decision.done ? decision.done.lifecycle : await carryOut(services, report, decision);
  const { action, reasons, obstacles } = decision;
  return { action, reasons: [...reasons, ...obstacles], lifecycle };
}

/** Each step may be repeated: the lifecycle has one name, and events come at least once. */
async function carryOut(
  services: DecideServices,
  report: ReportSummary,
  decision: RecordedDecision,
): Promise<string | null> {
  const { registry, events, clock } = services;
  const { useCase, reportId, revision, champion, drifted, worse, window } = report;
  const { action, reasons, obstacles } = decision;
  const lifecycle = action === 'retrain' ? await startLifecycle(services, report) : null;
  await events.put('Monitor Report', {
    ...{ useCase, reportId, revision, champion, ...window },
    ...{ drifted, worse, action, reasons, obstacles, lifecycle },
  });
  if (action !== 'none') await events.put('Monitor Alert', { useCase, reportId, action, reasons, lifecycle });
  await finishDecision(registry, decision, { at: clock.now().toISOString(), lifecycle });
  return lifecycle;
}

async function record(
  services: DecideServices,
  useCase: UseCase,
  report: ReportSummary,
  executionId: string,
): Promise<RecordedDecision> {
  const grounds = await gather(services, useCase, report);
  return claimDecision(services.registry, {
    ...decide(grounds, useCase.monitoring),
    ...{ useCase: useCase.id, reportId: report.reportId, revision: report.revision, at: grounds.now, by: executionId },
    ...{ champion: report.champion, newMatureRows: grounds.newMatureRows, done: null },
  });
}

async function gather(
  { registry, objects, workflows, athena, clock }: DecideServices,
  useCase: UseCase,
  report: ReportSummary,
): Promise<DecisionGrounds> {
  const { id } = useCase;
  const now = clock.now().toISOString();
  const windows = windowsBefore(
    useCase,
    { recent: report.window },
    (useCase.monitoring.retrainOn.driftWindows ?? 1) - 1,
  );
  const before = await Promise.all(windows.map(async window => (await findReport(registry, id, window)) ?? null));
  const started = (await listDecisions(registry, id)).filter(({ action }) => action === 'retrain');
  const last = started.reduce<RecordedDecision | undefined>(
    (newest, other) => (newest && newest.at >= other.at ? newest : other),
    undefined,
  );
  return {
    report,
    before,
    doRowsWait: await doRowsWait(objects, id),
    newMatureRows: report.champion === null ? null : await countNewRows({ athena, registry, objects }, useCase, now),
    lastStart: last ? { at: last.at, champion: last.champion, newMatureRows: last.newMatureRows ?? 0 } : null,
    running: await findRunningLifecycle({ registry, workflows, clock }, id),
    now,
  };
}

/** Counts the mature rows whose labels are newer than those that trained the champion. */
async function countNewRows(
  { athena, registry, objects }: Pick<DecideServices, 'athena' | 'registry' | 'objects'>,
  useCase: UseCase,
  startedAt: string,
): Promise<number> {
  const snapshot = await readCurrentSnapshot(athena, observationsTable(useCase).name);
  if (!snapshot) return 0;
  const labelSeq = await labelSeqAfterChampion(registry, objects, useCase.id);
  const { snapshotId } = snapshot;
  const { sql } = selectDataset({ useCase, window: { mode: 'incremental' }, snapshotId, startedAt, labelSeq });
  const [row] = await athena.query(`SELECT count(*) AS found FROM (${sql}) selected`);
  return Number(row!.found);
}

/** Synthetic files do not count: whoever makes them ingests them at once. */
async function doRowsWait(objects: Objects, useCase: string): Promise<boolean> {
  const landed = await objects.list(landingPrefix(useCase));
  return selectFiles(landed, { useCase, demo: false, holdsRealRows: true }).length > 0;
}

/** The name makes it one execution, however often it is asked for. */
function startLifecycle(
  { workflows }: DecideServices,
  { useCase, reportId, revision }: ReportSummary,
): Promise<string> {
  const request: LifecycleRequest = { useCase, trigger: 'monitor' };
  return workflows.start('lifecycle', request, `monitor-${useCase}-${reportId}-${revision}`);
}
