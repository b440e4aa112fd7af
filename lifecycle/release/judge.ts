import { isShareExceeded } from '../../ml/sequential/share-test.ts';
import type { StepLimits } from '../../use-cases/step-limits.ts';
import { describePower, type ExperimentEvidence } from './ab-test.ts';
import { figure } from './figure.ts';
import {
  type DifferenceEvidence,
  enoughRows,
  type QualityEvidence,
  type StepEvidence,
  type VariantEvidence,
} from './step-evidence.ts';

/**
 * What is to be done, the worst last. `hold`: there is enough evidence, and it does not decide yet; of an A/B test, that it is not better for sure, and not
 * worse by what matters either.
 */
const stepVerdicts = ['advance', 'hold', 'insufficient evidence', 'roll back'] as const;
export type StepVerdict = (typeof stepVerdicts)[number];

/** One condition of going on, what it alone would have done, and its figures in words. */
export interface StepCheck {
  readonly name:
    | 'evidence'
    | 'requests'
    | 'usable scores'
    | 'errors'
    | 'latency'
    | 'difference from the champion'
    | 'quality'
    | 'sample ratio'
    | 'experiment';
  readonly verdict: StepVerdict;
  readonly detail: string;
}

/** The judge's decision: the worst of what its checks demand. */
export interface Verdict {
  readonly verdict: StepVerdict;
  readonly reason: string;
  readonly checks: readonly StepCheck[];
}

/** Calls without which latencies are not judged. */
const enoughCalls = 200;
/** Probability of ever rolling back a version that keeps the limit of errors or differences. */
const falseAlarm = 0.001;

/** Decides on a version after a step, from nothing but the evidence; figures that cannot be read roll it back. */
export function judgeStep(evidence: StepEvidence, limits: StepLimits & { readonly minimumRequests: number }): Verdict {
  const { champion, challenger, difference, quality, experiment } = evidence;
  if (!isReadable(evidence)) return judgeUnreadable(new RangeError('a figure is no finite number'));
  return conclude([
    checkRequests(challenger, limits.minimumRequests),
    checkScores(challenger),
    checkErrors(challenger, limits),
    checkLatency(challenger, champion, limits),
    checkDifference(difference, limits),
    checkQuality(quality, limits),
    ...(experiment ? [checkSampleRatio(experiment), checkExperiment(experiment)] : []),
  ]);
}

/** The verdict of a judge that cannot read its evidence: it rolls back. */
export function judgeUnreadable(error: unknown): Verdict {
  const cause = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return conclude([{ name: 'evidence', verdict: 'roll back', detail: `the evidence cannot be read: ${cause}` }]);
}

function isReadable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isReadable);
}

function conclude(checks: readonly StepCheck[]): Verdict {
  const verdict = stepVerdicts.findLast(verdict => checks.some(check => check.verdict === verdict))!;
  const decisive = checks.filter(check => check.verdict === verdict);
  return { verdict, reason: decisive.map(({ detail }) => detail).join('; '), checks };
}

function checkRequests({ requests }: VariantEvidence, minimum: number): StepCheck {
  const isEnough = requests >= minimum;
  return {
    name: 'requests',
    verdict: isEnough ? 'advance' : 'insufficient evidence',
    detail: `${requests} rows scored, needed are ${minimum}`,
  };
}

function checkScores({ requests, unusable, scores }: VariantEvidence): StepCheck {
  const name = 'usable scores';
  if (unusable > 0) {
    return { name, verdict: 'roll back', detail: `${unusable} of ${requests} scores are no probability` };
  }
  if (!scores) return { name, verdict: 'advance', detail: 'no score yet' };
  const { lowest, highest, distinctRows } = scores;
  const isConstant = lowest === highest && distinctRows >= enoughRows;
  return {
    name,
    verdict: isConstant ? 'roll back' : 'advance',
    detail: isConstant ? `every score is ${figure(lowest)}` : `scores from ${figure(lowest)} to ${figure(highest)}`,
  };
}

function checkErrors({ requests, errors }: VariantEvidence, { errorShare }: StepLimits): StepCheck {
  return {
    name: 'errors',
    verdict: judgeShare({ count: errors, of: requests, limit: errorShare }),
    detail: `${errors} errors in ${requests} rows, accepted are ${figure(errorShare * 100)} %`,
  };
}

function checkLatency(
  { latency: own }: VariantEvidence,
  { latency: champions }: VariantEvidence,
  { latencyRatio, latencyFloorMs }: StepLimits,
): StepCheck {
  const name = 'latency';
  if (!own || !champions || own.calls < enoughCalls || champions.calls < enoughCalls) {
    const calls = `${own?.calls ?? 0} and ${champions?.calls ?? 0}`;
    return { name, verdict: 'advance', detail: `not judged: ${calls} calls with one row, needed are ${enoughCalls}` };
  }
  const accepted = Math.max(champions.p95Ms * latencyRatio, champions.p95Ms + latencyFloorMs);
  return {
    name,
    verdict: own.p95Ms <= accepted ? 'advance' : 'roll back',
    detail: `95 % of calls within ${figure(own.p95Ms)} ms, the champion's within ${figure(champions.p95Ms)} ms, accepted are ${figure(accepted)} ms`,
  };
}

function checkDifference(difference: DifferenceEvidence | null, { newDifferenceShare }: StepLimits): StepCheck {
  const name = 'difference from the champion';
  if (!difference)
    return { name, verdict: 'insufficient evidence', detail: 'no row is scored by both versions of the gate' };
  const { rows, outside, accepted } = difference;
  return {
    name,
    verdict: judgeShare({ count: outside, of: rows, limit: newDifferenceShare }),
    detail: `${outside} of ${rows} differences are outside the gate's ${accepted.map(figure).join(' to ')}, accepted are ${figure(newDifferenceShare * 100)} %`,
  };
}

function checkQuality(quality: QualityEvidence | null, { minimumOutcomes }: StepLimits): StepCheck {
  const name = 'quality';
  const outcomes = quality?.outcomes ?? 0;
  const interval = quality?.improvement;
  if (!interval || outcomes < minimumOutcomes) {
    const verdict = minimumOutcomes > 0 ? 'insufficient evidence' : 'advance';
    return { name, verdict, detail: `not judged: ${outcomes} mature outcomes, needed are ${minimumOutcomes}` };
  }
  const { championBrier, challengerBrier } = quality;
  return {
    name,
    verdict: interval.high < 0 ? 'roll back' : 'advance',
    detail: `Brier score ${figure(challengerBrier)}, the champion's ${figure(championBrier)} on the same ${outcomes} outcomes (better by ${figure(interval.low)} to ${figure(interval.high)})`,
  };
}

function checkSampleRatio({ units, sampleRatio }: ExperimentEvidence): StepCheck {
  const { isMismatch, odds } = sampleRatio;
  return {
    name: 'sample ratio',
    verdict: isMismatch ? 'roll back' : 'advance',
    detail: `${units.champion} and ${units.challenger} units ${isMismatch ? 'do not fit' : 'fit'} the shares (odds ${figure(odds)} to 1 against them)`,
  };
}

function checkExperiment(experiment: ExperimentEvidence): StepCheck {
  const { difference, policy } = experiment;
  const name = 'experiment';
  if (!difference) return { name, verdict: 'insufficient evidence', detail: describePower(experiment) };
  const { estimate, low, high } = difference;
  const found = `${policy.value} a unit differs by ${figure(estimate)} (${figure(low)} to ${figure(high)})`;
  if (low > 0) return { name, verdict: 'advance', detail: found };
  if (high < 0) return { name, verdict: 'roll back', detail: found };
  const isHarmless = low > -policy.minimumEffect;
  const undecided = `${found}, a loss of ${figure(policy.minimumEffect)} is ${isHarmless ? '' : 'not '}out of the question`;
  const verdict = isHarmless ? 'hold' : 'insufficient evidence';
  return { name, verdict, detail: `${undecided}; ${describePower(experiment)}` };
}

/** Rolls back when the true share is surely above the limit, and holds while only the share seen is. */
function judgeShare(seen: { count: number; of: number; limit: number }): StepVerdict {
  if (isShareExceeded({ ...seen, alpha: falseAlarm })) return 'roll back';
  return seen.count > seen.of * seen.limit ? 'hold' : 'advance';
}
