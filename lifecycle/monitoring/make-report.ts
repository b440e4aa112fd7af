import type { MakeReportInput, MakeReportOutput } from '../../contracts/monitor-tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { reportsPerYear } from '../../use-cases/monitoring-policy.ts';
import { predictionsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { readCurrentSnapshot } from '../datasets/snapshot.ts';
import { readArchiveState } from '../predictions/archive-state.ts';
import { CorruptModelCardError } from '../registry/model-files.ts';
import { VersionNotFoundError } from '../registry/versions.ts';
import { readEntryAt } from '../release/ledger.ts';
import { countStatements } from './count-statements.ts';
import { estimateCost } from './estimate-cost.ts';
import { lookAtMature } from './look-at-mature.ts';
import { lookAtRecent } from './look-at-recent.ts';
import { findPendingWindows } from './pending-windows.ts';
import type { MonitorReport, ReportSummary } from './report.ts';
import { createModelReader } from './reported-models.ts';
import { claimReport, findReport, type ReportStores } from './reports.ts';
import { type MonitorWindow, newestWindow } from './window.ts';
import type { ArchivedRows } from './window-statements.ts';

export interface MonitorServices extends ReportStores {
  readonly athena: Athena;
  readonly clock: Clock;
}

/**
 * Reports on the oldest window that has yet to be reported on, of those whose predictions are all archived; when there is none, answers the newest one's report, or
 * looks at that once more if asked to. A window has one report, however often it is asked for. Nothing is put before all is read, so a report that failed in the
 * middle is made anew.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelCardError} when the newest window cannot be compared; an older one is then left out
 */
export async function makeReport(
  services: MonitorServices,
  useCase: UseCase,
  { request, executionId: by }: MakeReportInput,
): Promise<MakeReportOutput> {
  const { registry } = services;
  const archive = await readArchiveState(registry, useCase.id);
  const snapshot = archive && (await readCurrentSnapshot(services.athena, predictionsTable(useCase).name));
  if (!archive || !snapshot) return { status: 'nothing', summary: 'no prediction is archived yet' };
  const newest = newestWindow(useCase, archive.through);
  const pending = await findPendingWindows(registry, useCase, newest);
  const rows = { useCase, snapshotId: snapshot.snapshotId, archiveSeq: archive.number, by };
  for (const window of pending.slice(0, -1)) {
    try {
      return answer(await reportOn(services, window, rows), by, true);
    } catch (error) {
      const isHopeless = error instanceof VersionNotFoundError || error instanceof CorruptModelCardError;
      if (!isHopeless) throw error;
    }
  }
  return answer(await reportOn(services, newest, rows, request.again), by, false);
}

async function reportOn(
  services: MonitorServices,
  window: MonitorWindow,
  rows: Omit<LookOptions, 'revision'>,
  again = false,
): Promise<ReportSummary> {
  const present = await findReport(services.registry, rows.useCase.id, window.id);
  // One's own is not looked at again: the execution goes on from where it ended.
  if (present && (!again || present.by === rows.by)) return present;
  return claimReport(services, await lookAt(services, window, { ...rows, revision: (present?.revision ?? 0) + 1 }));
}

type LookOptions = Pick<ArchivedRows, 'useCase' | 'snapshotId' | 'archiveSeq'> & Pick<MonitorReport, 'revision' | 'by'>;

async function lookAt(services: MonitorServices, window: MonitorWindow, options: LookOptions): Promise<MonitorReport> {
  const { useCase, snapshotId, archiveSeq, revision, by } = options;
  const { registry, clock } = services;
  const { athena, count } = countStatements(services.athena);
  const archived = { useCase, snapshotId, archiveSeq };
  const models = createModelReader(services, useCase.id);
  const alpha = Math.min(0.5, useCase.monitoring.falseAlarmsPerYear / reportsPerYear(useCase.monitoring));
  const recent = await lookAtRecent(athena, { ...archived, ...window.recent }, models.read, alpha);
  const mature = await lookAtMature({ ...services, athena }, { ...archived, ...window.mature }, models.read, window);
  const predictions = recent.reduce((sum, variant) => sum + variant.predictions, 0);
  const entry = await readEntryAt(registry, useCase.id, new Date(window.recent.to));
  return {
    format: 1,
    ...{ useCase: useCase.id, reportId: window.id, revision, madeAt: clock.now().toISOString(), by },
    ...{ window: window.recent, matureWindow: window.mature, snapshotId, archiveSeq, models: models.list(), alpha },
    champion: entry?.routing?.variants[0]?.version ?? null,
    ...{ predictions, recent, mature },
    cost: estimateCost({ predictions, statements: count() }),
  };
}

function answer(report: ReportSummary, by: string, more: boolean): MakeReportOutput {
  const { reportId, revision, predictions, drift, drifted, worse } = report;
  const found = [...drifted, ...worse];
  return {
    ...{ status: report.by === by ? 'made' : 'present', reportId, revision, more },
    summary: `${predictions} predictions: ${found.length > 0 ? found.join('; ') : drift}`,
  };
}
