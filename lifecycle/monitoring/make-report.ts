import type { MakeReportInput, MakeReportOutput } from '../../contracts/monitor-tasks.ts';
import { checkDrift, type DriftCheck } from '../../ml/drift/check-drift.ts';
import { noConceptEvidence } from '../../ml/drift/concept-drift.ts';
import type { ProfileWindow } from '../../ml/drift/plan-checks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { reportsPerYear } from '../../use-cases/monitoring-policy.ts';
import { predictionsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { readCurrentSnapshot } from '../datasets/snapshot.ts';
import { readArchiveState } from '../predictions/archive-state.ts';
import type { ModelCard } from '../registry/model-card.ts';
import { readModelCard } from '../registry/model-files.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import { findEntryAt, readLedger } from '../release/ledger.ts';
import { countStatements } from './count-statements.ts';
import { estimateCost } from './estimate-cost.ts';
import { estimateQuality, measureQuality } from './measure-quality.ts';
import { readHistograms, readScores, readService, type ScoredWindow, type VariantService } from './read-window.ts';
import {
  type MatureReport,
  type MonitorReport,
  type RecentReport,
  type ReportSummary,
  worstVerdict,
} from './report.ts';
import { claimReport, findReport, listReports, type ReportStores, readReport } from './reports.ts';
import { type MonitorWindow, newestWindow } from './window.ts';
import type { ArchivedRows, ScoreResolution } from './window-statements.ts';

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

type Model = Version & Pick<ModelCard, 'referenceProfile'>;
type ReadModel = (version: number) => Promise<Model>;

/** Reads each version's record and card once. */
function createModelReader({ registry, objects }: ReportStores, useCase: string) {
  const known = new Map<number, Model>();
  return {
    async read(number: number): Promise<Model> {
      const present = known.get(number);
      if (present) return present;
      const version = await readVersion(registry, useCase, number);
      const { referenceProfile } = await readModelCard(objects, version);
      known.set(number, { ...version, referenceProfile });
      return known.get(number)!;
    },
    list: () =>
      Array.from(known.values(), ({ version, modelSha256, referenceProfile }) => ({
        ...{ version, modelSha256, referenceRows: referenceProfile.rows },
      })),
  };
}

/** Compares each variant's predictions with what its version was trained on, all checks as one family. */
async function lookAtRecent(
  athena: Athena,
  rows: ArchivedRows,
  read: ReadModel,
  alpha: number,
): Promise<RecentReport[]> {
  const variants = await readService(athena, rows);
  if (variants.length === 0) return [];
  const scored = await readScores(athena, rows, { resolution: resolutionFor(variants), isMature: false });
  const windows = await readWindows(athena, rows, variants, read);
  const checks = checkDrift(windows, { alpha, floors: rows.useCase.monitoring.floors });
  return Promise.all(
    variants.map(async (variant, i) => {
      const { referenceProfile } = await read(variant.version);
      const { calibration } = referenceProfile.scores;
      const own = scored.find(window => isOf(window, variant));
      return {
        ...variant,
        drift: describeDrift(checks[i]!, rows.useCase, referenceProfile),
        estimated: own ? estimateQuality(own, calibration, variant.threshold) : null,
      };
    }),
  );
}

async function readWindows(athena: Athena, rows: ArchivedRows, variants: readonly VariantService[], read: ReadModel) {
  const byVersion = new Map<number, Map<string, ProfileWindow>>();
  for (const { version } of variants) {
    if (byVersion.has(version)) continue;
    const { referenceProfile } = await read(version);
    byVersion.set(version, await readHistograms(athena, rows, version, referenceProfile));
  }
  return Promise.all(
    variants.map(async ({ version, variant }) => ({
      profile: (await read(version)).referenceProfile,
      window: byVersion.get(version)!.get(variant)!,
    })),
  );
}

function describeDrift(
  checks: readonly DriftCheck[],
  { features }: UseCase,
  profile: Model['referenceProfile'],
): RecentReport['drift'] {
  return {
    verdict: worstVerdict(checks.map(({ verdict }) => verdict)),
    checks,
    notCompared: profile.features.map(({ name }) => name).filter(name => !(name in features)),
  };
}

/** Measures the predictions whose outcomes are final, and goes on from what the window before has shown of the concept. */
async function lookAtMature(
  services: MonitorServices,
  rows: ArchivedRows,
  read: ReadModel,
  window: MonitorWindow,
): Promise<MatureReport[]> {
  const { useCase } = rows;
  const variants = await readService(services.athena, rows);
  if (variants.length === 0) return [];
  const scored = await readScores(services.athena, rows, { resolution: resolutionFor(variants), isMature: true });
  const before = await readReportBefore(services, useCase.id, window);
  const measured = scored.map(async (scores: ScoredWindow): Promise<MatureReport> => {
    const { threshold } = variants.find(variant => isOf(variant, scores))!;
    const { referenceProfile, metrics } = await read(scores.version);
    const seen = before?.mature.find(variant => isOf(variant, scores))?.conceptEvidence ?? noConceptEvidence;
    const { version, variant } = scores;
    const { calibration } = referenceProfile.scores;
    const quality = {
      useCase,
      window: scores,
      threshold,
      calibration,
      holdout: metrics.holdout,
      conceptEvidence: seen,
    };
    return { version, variant, threshold, ...measureQuality(quality) };
  });
  return Promise.all(measured);
}

/** The newest report whose mature window ended before this one's began. */
async function readReportBefore(
  services: ReportStores,
  useCase: string,
  { recent }: MonitorWindow,
): Promise<MonitorReport | undefined> {
  const earlier = (await listReports(services.registry, useCase, 100)).find(({ window }) => window.to <= recent.from);
  return earlier && (await readReport(services, useCase, `${earlier.reportId}.${earlier.revision}`));
}

/** Predictions up to which every score is told apart: their rows are all read. */
const exactRows = 20_000;

function resolutionFor(variants: readonly VariantService[]): ScoreResolution {
  const predictions = variants.reduce((sum, variant) => sum + variant.predictions, 0);
  return predictions <= exactRows ? 'exact' : 'four digits';
}

type Named = { readonly version: number; readonly variant: string };

function isOf(left: Named, right: Named): boolean {
  return left.version === right.version && left.variant === right.variant;
}

function answer(status: 'made' | 'present', { reportId, revision, ...summary }: ReportSummary): MakeReportOutput {
  const { predictions, drift, drifted, worse } = summary;
  const found = [...drifted, ...worse];
  return {
    ...{ status, reportId, revision },
    summary: `${predictions} predictions: ${found.length > 0 ? found.join('; ') : drift}`,
  };
}
