import type { Release } from './releases.ts';

/** What is next in a release. Those above the line are done at once; the others are what it then waits for. */
export type ReleaseAction =
  /** The ledger says that it has ended: the record follows. */
  | { readonly act: 'close' }
  | { readonly act: 'ask for approval'; readonly deadline: string }
  | { readonly act: 'decline'; readonly reason: string }
  /** Begins a step, counted from 0. */
  | { readonly act: 'shift'; readonly step: number }
  | { readonly act: 'promote'; readonly reason: string }
  | { readonly act: 'roll back'; readonly reason: string }
  // ———
  | { readonly act: 'await approval'; readonly until: string }
  | { readonly act: 'gate' }
  | { readonly act: 'judge' }
  | { readonly act: 'wait'; readonly until: string }
  | { readonly act: 'end' };

const minute = 60_000;

/**
 * Decides what is next, from nothing but the recorded state.
 *
 * @param running number of the release that may move traffic, as the ledger says
 */
export function decideRelease(release: Release, running: number | null, now: Date): ReleaseAction {
  if (release.status !== 'running') return { act: 'end' };
  if (running !== release.release) return { act: 'close' };
  if (release.gate === null) return { act: 'gate' };
  if (release.gate === 'rejected') return { act: 'decline', reason: 'it did not pass the gate' };
  return decideApproval(release, now) ?? decideStep(release, now);
}

/** Undefined once nobody's agreement is missing. */
function decideApproval({ policy, approval }: Release, now: Date): ReleaseAction | undefined {
  if (policy.approval === 'none') return undefined;
  if (!approval) {
    const deadline = new Date(now.getTime() + policy.approval.deadlineHours * 60 * minute);
    return { act: 'ask for approval', deadline: deadline.toISOString() };
  }
  const { answer, deadline } = approval;
  if (answer?.decision === 'approved') return undefined;
  if (answer) return { act: 'decline', reason: `rejected by ${answer.by}: ${answer.reason}` };
  if (now >= new Date(deadline)) return { act: 'decline', reason: `nobody approved it until ${deadline}` };
  return { act: 'await approval', until: deadline };
}

function decideStep(release: Release, now: Date): ReleaseAction {
  const { step, steps, verdicts, champion, strategy } = release;
  if (step < 0) return begin(release, 0, champion === null ? 'the first version' : `released ${strategy}`);
  const last = verdicts[step];
  if (last?.verdict === 'roll back') return { act: 'roll back', reason: last.reason };
  const look = nextLook(release);
  if (!last || Date.parse(last.at) < bakedAt(release)) return lookAt(look, now);
  if (last.verdict === 'advance') return begin(release, step + 1, last.reason);
  if (Date.parse(last.at) < patienceEnd(release)) return lookAt(look, now);
  const { action, afterHours } = release.policy.whenInsufficient;
  if (action === 'hold') return lookAt(look, now);
  const reason = `undecided ${afterHours} hours after the time of step ${step + 1} of ${steps.length}: ${last.reason}`;
  // An A/B test that could not even say that the version does no harm has not tested it.
  const goesOn = action === 'promote' && (strategy !== 'ab' || last.verdict === 'hold');
  return goesOn ? begin(release, step + 1, reason) : { act: 'roll back', reason };
}

/** Whether the judge has just looked for the first time at a step that people should know of: nothing but them will move it. */
export function isHeld(release: Release): boolean {
  const last = release.verdicts[release.step];
  if (release.policy.whenInsufficient.action !== 'hold' || !last || last.verdict === 'advance') return false;
  const at = Date.parse(last.at);
  return at >= patienceEnd(release) && at - release.policy.judgeMinutes * minute < patienceEnd(release);
}

/** The step of this number, or what comes after the last. */
function begin({ steps }: Release, step: number, reason: string): ReleaseAction {
  return step < steps.length ? { act: 'shift', step } : { act: 'promote', reason };
}

function lookAt(instant: number, now: Date): ReleaseAction {
  return now.getTime() >= instant ? { act: 'judge' } : { act: 'wait', until: new Date(instant).toISOString() };
}

/** Epoch milliseconds at which the judge looks next: every so often, and when the step's time is over. */
function nextLook(release: Release): number {
  const { since, verdicts, step, policy } = release;
  const before = Date.parse(verdicts[step]?.at ?? since!);
  const regular = before + policy.judgeMinutes * minute;
  const baked = bakedAt(release);
  return before < baked || !verdicts[step] ? Math.min(regular, baked) : regular;
}

/** Epoch milliseconds at which the step has lasted as long as it must. */
function bakedAt({ since, policy }: Release): number {
  return Date.parse(since!) + policy.bakeMinutes * minute;
}

/** Epoch milliseconds after which evidence that does not suffice is not waited for any more. */
function patienceEnd(release: Release): number {
  return bakedAt(release) + release.policy.whenInsufficient.afterHours * 60 * minute;
}
