import type { MetricName } from '../ml/metrics/metrics.ts';

/** What is too small to matter, however certain it is. */
export interface MaterialityFloors {
  /** Wasserstein distance of a number feature, or of the scores, in standard deviations of the reference. */
  readonly wasserstein: number;
  /** Jensen–Shannon distance of a category feature: the root of the divergence in bits, in [0, 1]. */
  readonly jensenShannon: number;
  /** Change of a share of rows: those with a missing, an unseen or an out-of-range value. */
  readonly share: number;
  /** Shift of the outcomes against the answered probabilities, in log odds. */
  readonly logOdds: number;
}

/** What is a reason to retrain; each may be switched off by null. */
export interface RetrainRules {
  /** The metric of a window is surely worse than the champion's holdout figure by more than this. */
  readonly qualityDrop: { readonly metric: MetricName; readonly by: number } | null;
  /** So many windows in a row, none of which overlaps another, have a drift alarm. */
  readonly driftWindows: number | null;
  /** The outcomes no longer follow the probabilities. */
  readonly conceptDrift: true | null;
  /** So many mature rows came since the champion's training rows. */
  readonly newMatureRows: number | null;
}

/** How a use case is watched, and what is done about what is found. */
export interface MonitoringPolicy {
  /** Length of a window in hours. Windows begin at multiples of it in UTC, from 1970 on; each whole one gets a report. */
  readonly windowHours: number;
  /** Reports with a drift alarm that a year without any drift may have. Divided by the reports of a year, it is a report's α. */
  readonly falseAlarmsPerYear: number;
  readonly floors: MaterialityFloors;
  /** Start a lifecycle for the reasons in `retrainOn`, or only tell people. */
  readonly action: 'retrain' | 'alert';
  readonly retrainOn: RetrainRules;
  /** Hours from the start of one lifecycle within which monitoring starts no other. */
  readonly cooldownHours: number;
}

/** What a definition may say of its monitoring. */
export type MonitoringDefinition = Partial<Omit<MonitoringPolicy, 'floors' | 'retrainOn'>> & {
  readonly floors?: Partial<MaterialityFloors>;
  readonly retrainOn?: Partial<RetrainRules>;
};

/** A report a day, four false alarms a year; retrains when ROC AUC fell by .03, when two windows in a row drifted or when the concept did, once a day at most. */
export function fillMonitoring({ floors, retrainOn, ...monitoring }: MonitoringDefinition = {}): MonitoringPolicy {
  return {
    windowHours: 24,
    falseAlarmsPerYear: 4,
    action: 'retrain',
    cooldownHours: 24,
    ...monitoring,
    floors: { wasserstein: 0.1, jensenShannon: 0.05, share: 0.01, logOdds: 0.1, ...floors },
    retrainOn: {
      qualityDrop: { metric: 'roc_auc', by: 0.03 },
      driftWindows: 2,
      conceptDrift: true,
      newMatureRows: null,
      ...retrainOn,
    },
  };
}

/** When reports are made unless a definition says otherwise: forty minutes after each window's end, when its last hour is archived. */
export function monitorSchedule({ windowHours }: MonitoringPolicy): string {
  if (windowHours === 24) return 'cron(40 0 * * ? *)';
  return 24 % windowHours === 0 ? `cron(40 0/${windowHours} * * ? *)` : `rate(${windowHours} hours)`;
}

/** Reports that a year has; the mean year of the Gregorian calendar has 8,765.82 hours. */
export function reportsPerYear({ windowHours }: MonitoringPolicy): number {
  return 8_765.82 / windowHours;
}

/** What contradicts itself in a definition's monitoring. */
export function findMonitoringProblems(definition: MonitoringDefinition | undefined): string[] {
  const problems: string[] = [];
  const policy = fillMonitoring(definition);
  const { windowHours, falseAlarmsPerYear, floors, retrainOn, cooldownHours } = policy;
  if (!(Number.isInteger(windowHours) && windowHours >= 1))
    problems.push(`monitoring windows last ${windowHours} hours, expected a whole number of 1 or more`);
  else if (!(falseAlarmsPerYear > 0 && falseAlarmsPerYear < reportsPerYear(policy)))
    problems.push(`${falseAlarmsPerYear} false alarms a year, expected more than 0 and fewer than there are reports`);
  for (const [name, floor] of Object.entries(floors))
    if (!(floor >= 0)) problems.push(`monitoring floor ${name} is ${floor}, expected 0 or more`);
  if (retrainOn.driftWindows !== null && !(Number.isInteger(retrainOn.driftWindows) && retrainOn.driftWindows >= 1))
    problems.push(`retraining after ${retrainOn.driftWindows} drifted windows, expected 1 or more, or null`);
  if (retrainOn.qualityDrop && !(retrainOn.qualityDrop.by >= 0))
    problems.push(`retraining after a drop of ${retrainOn.qualityDrop.by}, expected 0 or more`);
  if (!(cooldownHours >= 0)) problems.push(`cooldown is ${cooldownHours} hours, expected 0 or more`);
  return problems;
}
