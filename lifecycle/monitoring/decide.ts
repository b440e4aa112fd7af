import type { MonitoringPolicy } from '../../use-cases/monitoring-policy.ts';
import type { ReportSummary } from './report.ts';

/** What a decision stands on. */
export interface DecisionGrounds {
  readonly report: Pick<ReportSummary, 'drifted' | 'worse' | 'drift' | 'champion' | 'window'>;
  /** The reports of the windows right before, newest first; null where a window has none. */
  readonly before: readonly (Pick<ReportSummary, 'drift' | 'champion'> | null)[];
  /** Mature rows with labels that came since those which trained the champion; null where there is no champion. */
  readonly newMatureRows: number | null;
  /** Whether files of rows have landed that the next lifecycle ingests; predictions come so once they are mature. */
  readonly doRowsWait: boolean;
  /** The newest lifecycle that monitoring started, and on what. */
  readonly lastStart: { readonly at: string; readonly champion: number | null; readonly newMatureRows: number } | null;
  /** ARN of a lifecycle that runs now. */
  readonly running: string | null;
  /** ISO instant. */
  readonly now: string;
}

/** What is done about a report, and why. */
export interface MonitorDecision {
  /** `alert` tells people and starts nothing. */
  readonly action: 'retrain' | 'alert' | 'none';
  /** What was found, or that nothing was. */
  readonly reasons: readonly string[];
  /** What keeps a lifecycle from being started though there is a reason. */
  readonly obstacles: readonly string[];
}

/** Decides what is done about a report, by the rules of the use case. */
export function decide(grounds: DecisionGrounds, policy: MonitoringPolicy): MonitorDecision {
  const { drifted, worse } = grounds.report;
  const reasons = findReasons(grounds, policy);
  if (reasons.length === 0) {
    const found = [...drifted, ...worse];
    if (found.length === 0) return { action: 'none', reasons: ['nothing was found'], obstacles: [] };
    return { action: 'alert', reasons: found, obstacles: ['no rule makes it a reason to retrain'] };
  }
  const obstacles = findObstacles(grounds, policy);
  return { action: obstacles.length > 0 ? 'alert' : 'retrain', reasons, obstacles };
}

function findReasons(
  { report, before, newMatureRows }: DecisionGrounds,
  { retrainOn: { driftWindows, newMatureRows: enough } }: MonitoringPolicy,
): string[] {
  // A report says of a drop and of concept drift only where the rules want it.
  const reasons = [...report.worse];
  if (driftWindows !== null && report.drift === 'drift') {
    const windows = [report, ...before.slice(0, driftWindows - 1)];
    const isLasting =
      windows.length === driftWindows &&
      windows.every(window => window?.drift === 'drift' && window.champion === report.champion);
    if (isLasting) reasons.push(`drift in ${driftWindows} windows in a row: ${report.drifted.join(', ')}`);
  }
  if (enough !== null && newMatureRows !== null && newMatureRows >= enough) {
    reasons.push(`${newMatureRows} mature rows are newer than the champion's, ${enough} are enough`);
  }
  return reasons;
}

function findObstacles(
  { report, newMatureRows, doRowsWait, lastStart, running, now }: DecisionGrounds,
  { action, cooldownHours }: MonitoringPolicy,
): string[] {
  if (action === 'alert') return ['the use case wants to be told only'];
  const obstacles: string[] = [];
  if (running) obstacles.push(`lifecycle ${running} runs`);
  if (lastStart) {
    const hours = (Date.parse(now) - Date.parse(lastStart.at)) / 3_600_000;
    if (hours < cooldownHours) {
      obstacles.push(`a lifecycle was started ${hours.toFixed(1)} hours ago, the cooldown is ${cooldownHours}`);
    }
  }
  // How many of them are mature is known once they are in.
  if (doRowsWait) return obstacles;
  if (newMatureRows === 0) obstacles.push("no mature row is newer than the champion's");
  if (lastStart && lastStart.champion === report.champion && lastStart.newMatureRows === newMatureRows) {
    obstacles.push(`the last lifecycle was started on the same champion and the same ${newMatureRows} new rows`);
  }
  return obstacles;
}
