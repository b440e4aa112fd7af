import { parityTolerance } from '../training/check-parity.ts';
import { figure } from './figure.ts';
import { type GroupEvidence, minimumGroup } from './measure-groups.ts';
import type { ScoreDifference } from './score-difference.ts';

/** The figures that a version is judged by, as they go to the ledger. */
export interface GateEvidence {
  /** How the version's own file answers. */
  readonly smoke: {
    readonly goldenRows: number;
    /** Answers to golden and holdout rows that are no probability: NaN, or outside [0, 1]. */
    readonly unusable: number;
    /** Largest difference of a golden row's probability from the trainer's; null when an answer is unusable. */
    readonly largestDifference: number | null;
  };
  /** What the version takes of whoever serves it. */
  readonly cost: {
    /** Within which 95 % of single rows are scored; null where there was no row to try. */
    readonly latencyMs: number | null;
    readonly maxLatencyMs: number;
    readonly modelBytes: number;
    readonly maxModelBytes: number;
  };
  /** Mature rows of the candidate's dataset that no version was fitted on. */
  readonly holdout: { readonly rows: number; readonly positives: number };
  /** Log loss of the candidate and of always answering the training rows' share of positives; null when the checks before it fail. */
  readonly baseRate: {
    readonly share: number;
    readonly logLoss: number;
    readonly candidateLogLoss: number;
    /** Lower end of the one-sided 95 % paired-bootstrap interval of what the candidate improves. */
    readonly improvementLowerEnd: number;
    /** The same of its out-of-fold predictions on the labels that it was fitted on; null of an imported model, which has none. */
    readonly outOfFoldLowerEnd: number | null;
  } | null;
  /** ROC AUC of both on the same rows; null while there is no champion, and when the checks before it fail. */
  readonly champion: {
    readonly version: number;
    readonly rocAuc: number;
    readonly candidateRocAuc: number;
    /** Lower end of the one-sided 95 % paired-bootstrap interval of candidate − champion. */
    readonly differenceLowerEnd: number;
    /** By how much the candidate may be worse. */
    readonly margin: number;
    /** How the scores of both differ: what the judge of a release holds against the differences that it sees. */
    readonly scoreDifference: ScoreDifference;
    readonly groups: readonly GroupEvidence[];
    /** By how much the candidate may be worse on a group. */
    readonly groupMargin: number;
  } | null;
}

/** One condition of a release, and how it came out in figures. */
export interface GateCheck {
  readonly name:
    | 'smoke test'
    | 'latency'
    | 'model size'
    | 'enough holdout rows'
    | 'better than the base rate'
    | 'no worse than the champion'
    | 'no worse on any group';
  readonly passed: boolean;
  readonly detail: string;
}

export interface GateVerdict {
  readonly decision: 'passed' | 'rejected';
  readonly reason: string;
  readonly checks: readonly GateCheck[];
}

/** Fewer rows, or fewer of either label, carry no verdict. */
export const minimumHoldout = { rows: 200, positives: 20, negatives: 20 } as const;

/** Whether the holdout can carry a verdict. */
export function isEnough({ rows, positives }: GateEvidence['holdout']): boolean {
  return (
    rows >= minimumHoldout.rows && positives >= minimumHoldout.positives && rows - positives >= minimumHoldout.negatives
  );
}

/** Whether the version answers as the trainer did. */
export function isSound({ goldenRows, unusable, largestDifference }: GateEvidence['smoke']): boolean {
  return goldenRows > 0 && unusable === 0 && largestDifference !== null && largestDifference <= parityTolerance;
}

/** Decides on a version: it may be released when every check passes. The first version has no champion to be compared with. */
export function judge({ smoke, cost, holdout, baseRate, champion }: GateEvidence): GateVerdict {
  const checks = [
    checkSmoke(smoke),
    checkLatency(cost),
    checkSize(cost),
    checkHoldout(holdout),
    ...(baseRate ? [checkBaseRate(baseRate)] : []),
    ...(champion ? [checkChampion(champion), checkGroups(champion)] : []),
  ];
  const failed = checks.filter(({ passed }) => !passed);
  return {
    decision: failed.length === 0 ? 'passed' : 'rejected',
    reason: (failed.length === 0 ? checks : failed).map(({ detail }) => detail).join('; '),
    checks,
  };
}

function checkSmoke(smoke: GateEvidence['smoke']): GateCheck {
  const { goldenRows, unusable, largestDifference } = smoke;
  const detail =
    unusable > 0
      ? `${unusable} answers are no probability`
      : `${goldenRows} golden rows differ by ${figure(largestDifference ?? Number.NaN)} at most, accepted is ${parityTolerance}`;
  return { name: 'smoke test', passed: isSound(smoke), detail };
}

function checkLatency({ latencyMs, maxLatencyMs }: GateEvidence['cost']): GateCheck {
  const passed = latencyMs !== null && latencyMs <= maxLatencyMs;
  const found = latencyMs === null ? 'no row to time' : `a row takes ${figure(latencyMs)} ms`;
  return { name: 'latency', passed, detail: `${found}, accepted are ${maxLatencyMs} ms` };
}

function checkSize({ modelBytes, maxModelBytes }: GateEvidence['cost']): GateCheck {
  const detail = `the model has ${modelBytes} bytes, accepted are ${maxModelBytes}`;
  return { name: 'model size', passed: modelBytes <= maxModelBytes, detail };
}

function checkHoldout(holdout: GateEvidence['holdout']): GateCheck {
  const { rows, positives } = holdout;
  const passed = isEnough(holdout);
  const found = `${rows} holdout rows with ${positives} positives`;
  const { rows: least, positives: leastPositives, negatives } = minimumHoldout;
  return {
    name: 'enough holdout rows',
    passed,
    detail: passed
      ? found
      : `insufficient data: ${found}, needed are ${least} rows with ${leastPositives} positives and ${negatives} negatives`,
  };
}

/** Both, as weights that were fitted on noise may, by luck, point to where the holdout's signal is; out of fold they find none. */
function checkBaseRate(figures: NonNullable<GateEvidence['baseRate']>): GateCheck {
  const { logLoss, candidateLogLoss, improvementLowerEnd, outOfFoldLowerEnd } = figures;
  const passed = improvementLowerEnd > 0 && (outOfFoldLowerEnd === null || outOfFoldLowerEnd > 0);
  const outOfFold = outOfFoldLowerEnd === null ? '' : `, out of fold by ${figure(outOfFoldLowerEnd)}`;
  return {
    name: 'better than the base rate',
    passed,
    detail: `log loss ${figure(candidateLogLoss)} is ${passed ? '' : 'not reliably '}better than the base rate's ${figure(logLoss)} (by ${figure(improvementLowerEnd)} at least${outOfFold})`,
  };
}

function checkChampion(figures: NonNullable<GateEvidence['champion']>): GateCheck {
  const { version, rocAuc, candidateRocAuc, differenceLowerEnd, margin } = figures;
  const passed = differenceLowerEnd >= -margin;
  return {
    name: 'no worse than the champion',
    passed,
    detail: `ROC AUC ${figure(candidateRocAuc)} ${passed ? 'is no worse' : 'may be worse'} than champion v${version}'s ${figure(rocAuc)} (difference ${figure(differenceLowerEnd)} at least, accepted ${-margin})`,
  };
}

/** A group on which the candidate is surely worse than the margin fails; chance alone, in small groups, does not. */
function checkGroups({ groups, groupMargin }: NonNullable<GateEvidence['champion']>): GateCheck {
  const compared = groups.filter(({ comparison }) => comparison !== null);
  const worse = compared.filter(({ comparison }) => comparison!.differenceUpperEnd < -groupMargin);
  const found = worse.map(
    ({ feature, level, comparison }) =>
      `${feature} = ${level} (ROC AUC ${figure(comparison!.candidateRocAuc)}, the champion's ${figure(comparison!.rocAuc)})`,
  );
  const insufficient = groups.length - compared.length;
  const { rows, positives } = minimumGroup;
  const untold = `insufficient data on ${insufficient} with fewer than ${rows} rows or ${positives} of either label`;
  const good = `no worse by ${groupMargin} on any of ${compared.length} groups`;
  return {
    name: 'no worse on any group',
    passed: worse.length === 0,
    detail: `${worse.length > 0 ? `worse on ${found.join(', ')}` : good}${insufficient > 0 ? `; ${untold}` : ''}`,
  };
}
