import type { MakeReportInput, MakeReportOutput } from '../../contracts/monitor-tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { reportsPerYear } from '../../use-cases/monitoring-policy.ts';
import { predictionsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { readCurrentSnapshot } from '../datasets/snapshot.ts';
import { readArchiveState } from '../predictions/archive-state.ts';
import { findEntryAt, readLedger } from '../release/ledger.ts';
import { countStatements } from './count-statements.ts';
import { estimateCost } from './estimate-cost.ts';
import { lookAtMature } from './look-at-mature.ts';
import { lookAtRecent } from './look-at-recent.ts';
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
 * Reports on the newest window whose predictions are all archived, once: a window that has its report gets the same again, unless another look is asked
 * for. Nothing is put before all is read, so a report that failed in the middle is made anew.
 */
export async function makeReport(
  services: MonitorServices,
  useCase: UseCase,
  { request, executionId }: MakeReportInput,
): Promise<MakeReportOutput> {
  const { registry } = services;
  const archive = await readArchiveState(registry, useCase.id);
  const snapshot = archive && (await readCurrentSnapshot(services.athena, predictionsTable(useCase).name));
  if (!archive || !snapshot) return { status: 'nothing', summary: 'no prediction is archived yet' };
  const window = newestWindow(useCase, archive.through);
  const present = await findReport(registry, useCase.id, window.id);
  if (present && !request.again) return answer('present', present);
  const revision = (present?.revision ?? 0) + 1;
  const rows = { useCase, snapshotId: snapshot.snapshotId, archiveSeq: archive.number };
  const report = await lookAt(services, window, { ...rows, revision, by: executionId });
  return answer('made', await claimReport(services, report));
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
  const ledger = await readLedger(registry, useCase.id);
  return {
    format: 1,
    ...{ useCase: useCase.id, reportId: window.id, revision, madeAt: clock.now().toISOString(), by },
    ...{ window: window.recent, matureWindow: window.mature, snapshotId, archiveSeq, models: models.list(), alpha },
    champion: findEntryAt(ledger, new Date(window.recent.to))?.routing?.variants[0]?.version ?? null,
    ...{ predictions, recent, mature },
    cost: estimateCost({ predictions, statements: count() }),
  };
}

function answer(status: 'made' | 'present', { reportId, revision, ...summary }: ReportSummary): MakeReportOutput {
  const { predictions, drift, drifted, worse } = summary;
  const found = [...drifted, ...worse];
  return {
    ...{ status, reportId, revision },
    summary: `${predictions} predictions: ${found.length > 0 ? found.join('; ') : drift}`,
  };
}
