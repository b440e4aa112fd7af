import type { RecordedDecision } from '../lifecycle/monitoring/decisions.ts';
import type { Figure, Figures } from '../lifecycle/monitoring/measure-quality.ts';
import type { MatureReport, MonitorReport, RecentReport } from '../lifecycle/monitoring/report.ts';
import { count, minute, table } from './text.ts';

/** Words a report for people. */
export function describeReport(report: MonitorReport, decision: RecordedDecision | undefined): string {
  const { reportId, revision, window, matureWindow, predictions, recent, mature, alpha, cost, snapshotId } = report;
  const lines = [
    `Report ${reportId}, revision ${revision}, made ${minute(report.madeAt)} UTC`,
    `Window         ${span(window)}, ${count(predictions)} predictions, snapshot ${snapshotId}`,
    `Outcomes of    ${span(matureWindow)}`,
    `Champion       ${report.champion === null ? 'none' : `version ${report.champion}`}`,
    `False alarms   any check of the report alarms without drift in ${percent(alpha)} of windows at most`,
    `Cost           $${cost.predictions.toFixed(4)} for predictions, $${cost.report.toFixed(4)} for the report`,
    `Decision       ${decision ? [decision.action, ...decision.reasons, ...decision.obstacles].join('; ') : 'none yet'}`,
  ];
  return [lines.join('\n'), ...recent.map(describeRecent), ...mature.map(describeMature)].join('\n\n');
}

function describeRecent(report: RecentReport): string {
  const { version, variant, predictions, errors, latencyMs, drift, estimated } = report;
  const latency = latencyMs
    ? `latency ${latencyMs.p50.toFixed(1)} / ${latencyMs.p95.toFixed(1)} / ${latencyMs.p99.toFixed(1)} ms (p50, p95, p99)`
    : 'no latency';
  const head = `Version ${version} as ${variant}: ${count(predictions)} predictions, ${errors} errors, ${latency}`;
  const checks = table(
    ['', 'check', 'effect', 'floor', 'p-value', 'significant to', 'power', 'JS', 'Wasserstein', 'PSI'],
    drift.checks.map(({ verdict, subject, kind, effect, floor, pValue, level, power, effects }) => [
      verdict === 'no drift' ? '' : verdict,
      `${subject}: ${kind}`,
      ...[effect, floor, pValue, level].map(shorten),
      power.toFixed(2),
      ...[effects?.jensenShannon, effects?.wasserstein, effects?.populationStabilityIndex].map(shorten),
    ]),
  );
  return [
    `${head}\nDrift: ${drift.verdict}`,
    checks,
    ...(estimated ? [`Estimated\n${describeFigures(estimated)}`] : []),
  ].join('\n');
}

function describeMature(report: MatureReport): string {
  const { version, variant, predictions, labelCoverage, labelled, positives, verdict, metrics, estimated } = report;
  const { confusion, profit, drop, concept, calibration, resolution } = report;
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  return [
    `Version ${version} as ${variant}: of ${count(predictions)} predictions ${percent(labelCoverage)} have an outcome; ${count(positives)} of ${count(labelled)} are positive`,
    ...(verdict === 'measured' ? [] : ['Quality: insufficient data']),
    ...(metrics
      ? [
          `Quality, ${resolution === 'exact' ? 'exact' : 'of scores to four digits'}\n${describeFigures(metrics, estimated)}`,
        ]
      : []),
    `Decisions     ${truePositives} true and ${falsePositives} false positives, ${trueNegatives} true and ${falseNegatives} false negatives`,
    ...(profit
      ? [
          `Profit        ${shorten(profit.total)}, ${shorten(profit.mean)} a prediction (${shorten(profit.low)} to ${shorten(profit.high)})`,
        ]
      : []),
    ...(calibration
      ? [`Calibration   ${percent(calibration.observed)} positive, ${percent(calibration.expected)} expected`]
      : []),
    ...(drop
      ? [
          `Drop          ${drop.metric} ${shorten(drop.drop)} below the holdout's ${shorten(drop.reference)}, ${shorten(drop.atLeast)} at least: ${drop.isDrop ? 'worse' : 'accepted'}`,
        ]
      : []),
    ...(concept
      ? [`Concept       ${concept.isDrift ? 'drift' : 'no drift'}, log odds ${shorten(concept.logOdds)}`]
      : []),
  ].join('\n');
}

function describeFigures(figures: Figures, estimated: Figures | null = null): string {
  const rows = Object.entries(figures).map(([name, figure]: [string, Figure]) => [
    name,
    ...[figure.value, figure.low, figure.high, figure.baseRate].map(shorten),
    ...(estimated ? [shorten(estimated[name as keyof Figures].value)] : []),
  ]);
  return table(['metric', 'value', 'from', 'to', 'base rate', ...(estimated ? ['estimated'] : [])], rows);
}

function span({ from, to }: MonitorReport['window']): string {
  return `${minute(from)} to ${minute(to)} UTC`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function shorten(value: number | null | undefined): string | null {
  return value == null ? null : String(Number(value.toPrecision(3)));
}
