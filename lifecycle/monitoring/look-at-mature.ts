import { noConceptEvidence } from '../../ml/drift/concept-drift.ts';
import type { Athena } from '../../platform/athena.ts';
import { measureQuality } from './measure-quality.ts';
import { isSameVariant, readScores, readService, resolutionFor, type ScoredWindow } from './read-window.ts';
import type { MatureReport, MonitorReport } from './report.ts';
import type { ReadModel } from './reported-models.ts';
import { listReports, type ReportStores, readReport } from './reports.ts';
import type { MonitorWindow } from './window.ts';
import type { ArchivedRows } from './window-statements.ts';

/** Measures the predictions whose outcomes are final, and goes on from what the window before has shown of the concept. */
export async function lookAtMature(
  services: ReportStores & { readonly athena: Athena },
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
    const { threshold } = variants.find(variant => isSameVariant(variant, scores))!;
    const { referenceProfile, metrics } = await read(scores.version);
    const seen = before?.mature.find(variant => isSameVariant(variant, scores))?.conceptEvidence ?? noConceptEvidence;
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
