import type { Metrics } from '../../platform/metrics.ts';
import type { MonitorReport } from './report.ts';
import { type ReportStores, readReport } from './reports.ts';

/** Publishes the figures of a report's champion as metrics: ten at most, and none of a window without predictions, as each costs as long as it comes. */
export async function publishReport(
  { metrics, ...stores }: ReportStores & { readonly metrics: Metrics },
  useCase: string,
  { reportId, revision }: Pick<MonitorReport, 'reportId' | 'revision'>,
): Promise<void> {
  const report = await readReport(stores, useCase, `${reportId}.${revision}`);
  if (report.predictions === 0) return;
  metrics.put({ UseCase: useCase }, readFigures(report), new Date(report.madeAt));
}

function readFigures({ predictions, recent, mature, cost }: MonitorReport): Record<string, number> {
  const champion = recent.findLast(({ variant }) => variant === 'champion');
  const quality = mature.findLast(({ variant }) => variant === 'champion');
  const drifted = recent.flatMap(({ drift }) => drift.checks).filter(({ verdict }) => verdict === 'drift');
  const figures = {
    Predictions: predictions,
    Errors: recent.reduce((sum, { errors }) => sum + errors, 0),
    LatencyP95: champion?.latencyMs?.p95,
    DriftAlarms: drifted.length,
    EstimatedRocAuc: champion?.estimated?.roc_auc.value,
    LabelCoverage: quality?.labelCoverage,
    RocAuc: quality?.metrics?.roc_auc.value,
    QualityDrop: quality?.drop?.drop,
    CalibrationError: quality?.calibration ? quality.calibration.observed - quality.calibration.expected : undefined,
    Cost: cost.predictions + cost.report,
  };
  return Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, number] => entry[1] != null));
}
