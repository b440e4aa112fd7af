import type { Feature } from './define-use-case.ts';
import { type ExperimentPolicy, type StepLimits, usualStepLimits } from './step-limits.ts';

/** What a candidate is held to before it gets any traffic. */
export interface GatePolicy {
  /** ROC AUC by which a candidate may at most be worse than the champion. */
  readonly nonInferiorityMargin: number;
  /** Category and boolean features whose levels are compared with the champion one by one. */
  readonly groups: readonly string[];
  /** ROC AUC by which a candidate may be worse on one group; more than that, surely, and it is rejected. */
  readonly groupMargin: number;
  /** Milliseconds within which 95 % of single rows must be scored. */
  readonly maxLatencyMs: number;
  readonly maxModelBytes: number;
}

/**
 * How traffic moves to a version: `canary` by the policy's steps, `shadow` after one step without any traffic of its own, `ab` after an experiment
 * with half of the units, `all-at-once` without a step.
 */
export const releaseStrategies = ['canary', 'shadow', 'ab', 'all-at-once'] as const;
export type ReleaseStrategy = (typeof releaseStrategies)[number];

/** Scored on the logged requests only, or a share of the units in (0, 1). */
export type ReleaseStep = 'shadow' | number;

/** How a version that passed the gate gets its traffic. */
export interface ReleasePolicy {
  readonly strategy: ReleaseStrategy;
  /** Of a canary; after the last one the version is the champion. */
  readonly steps: readonly ReleaseStep[];
  /** How long a step lasts at least. */
  readonly bakeMinutes: number;
  /** Pause between two looks of the judge, at most 720; one that finds harm ends the release before the step's time is over. */
  readonly judgeMinutes: number;
  /** Rows that a step must have scored. */
  readonly minimumRequests: number;
  readonly limits: StepLimits;
  /** Of the strategy `ab`. */
  readonly experiment: ExperimentPolicy;
  /**
   * What is done with a step whose evidence does not suffice this long after its time: tell people and go on waiting, go on, or go back. An A/B test goes on
   * only where it has found a loss of `minimumEffect` a unit out of the question, and back otherwise.
   */
  readonly whenInsufficient: { readonly action: 'hold' | 'promote' | 'roll back'; readonly afterHours: number };
  /** Whether a person has to agree before any traffic moves; silence until the deadline is a rejection. */
  readonly approval: 'none' | { readonly deadlineHours: number };
}

/** What a definition may say of its gates and releases. */
export interface ReleaseDefinition {
  readonly gates?: Partial<GatePolicy>;
  readonly release?: Partial<Omit<ReleasePolicy, 'limits'>> & { readonly limits?: Partial<StepLimits> };
}

/** A candidate may be .005 ROC AUC worse than the champion; a row takes 100 ms and a model 50 MB at most. */
export function fillGates(gates: ReleaseDefinition['gates']): GatePolicy {
  const usual = { nonInferiorityMargin: 0.005, groups: [], groupMargin: 0.02, maxLatencyMs: 100, maxModelBytes: 50e6 };
  return { ...usual, ...gates };
}

/** A canary: shadow, 5 % and 25 %, an hour and 200 rows each. Where requests are few, a version that passed the gate goes on after three days. */
export function fillRelease({ limits, ...release }: NonNullable<ReleaseDefinition['release']> = {}): ReleasePolicy {
  return {
    strategy: 'canary',
    steps: ['shadow', 0.05, 0.25],
    bakeMinutes: 60,
    judgeMinutes: 10,
    minimumRequests: 200,
    experiment: { value: 'profit', minimumEffect: 0.1 },
    whenInsufficient: { action: 'promote', afterHours: 72 },
    approval: 'none',
    ...release,
    limits: { ...usualStepLimits, ...limits },
  };
}

/** Why no A/B test under a policy can be decided by outcomes, which take so many days; undefined where it can. */
export function findExperimentProblem(
  { bakeMinutes, whenInsufficient: { action, afterHours } }: ReleasePolicy,
  delayDays: number,
): string | undefined {
  const hours = bakeMinutes / 60 + afterHours;
  if (action === 'hold' || hours > delayDays * 24) return undefined;
  return `an A/B test ends after ${hours} hours (bakeMinutes and whenInsufficient), and outcomes take ${delayDays * 24}`;
}

/** What contradicts itself in a definition's gates and releases. */
export function findReleaseProblems(
  { gates, release }: ReleaseDefinition,
  features: Readonly<Record<string, Feature>>,
  delayDays: number,
): string[] {
  const problems: string[] = [];
  const { groups } = fillGates(gates);
  const policy = fillRelease(release);
  const { strategy, steps, bakeMinutes, judgeMinutes, approval } = policy;
  const experiment = strategy === 'ab' ? findExperimentProblem(policy, delayDays) : undefined;
  if (experiment) problems.push(experiment);
  for (const group of groups) {
    const type = features[group]?.type;
    if (type !== 'category' && type !== 'boolean')
      problems.push(`group "${group}" of the gates is no category or boolean feature`);
  }
  const shares = steps.filter(step => step !== 'shadow');
  if (shares.some((share, index) => !(share > (shares[index - 1] ?? 0) && share < 1)))
    problems.push(`shares of the release are ${shares}, expected growing ones in (0, 1)`);
  if (steps.lastIndexOf('shadow') > 0) problems.push('a release step other than the first is "shadow"');
  if (!(bakeMinutes >= 0)) problems.push(`release steps last ${bakeMinutes} minutes, expected 0 or more`);
  if (!(judgeMinutes > 0 && judgeMinutes <= 720))
    problems.push(`the judge looks every ${judgeMinutes} minutes, expected (0, 720]`);
  if (approval !== 'none' && !(approval.deadlineHours > 0))
    problems.push(`the deadline of approvals is ${approval.deadlineHours} hours, expected more than 0`);
  return problems;
}
