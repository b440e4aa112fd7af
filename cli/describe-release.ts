import { approvalState } from '../lifecycle/release/approvals.ts';
import { nameStep } from '../lifecycle/release/name-step.ts';
import type { Approval, Release } from '../lifecycle/release/releases.ts';
import { minute } from './text.ts';

/** A release in one line. @param now by which its approval stands as it does */
export function describeRelease(release: Release, now: Date): string {
  const { release: number, version, strategy, status, reason } = release;
  const how = status === 'running' ? describeStep(release, now) : (reason ?? '');
  return `Release ${number} of version ${version} (${strategy}) is ${status}${how && `: ${how}`}`;
}

/** Where a running release stands. */
export function describeStep({ gate, approval, step, steps, since, verdicts }: Release, now: Date): string {
  if (gate === null) return 'the gate decides';
  if (approval && !approval.answer) return describeWait(approval, now);
  if (step < 0) return 'begins';
  const verdict = verdicts[step];
  return `${nameStep(steps[step]!)} since ${minute(since!)} UTC${verdict ? `, ${verdict.verdict}: ${verdict.reason}` : ''}`;
}

function describeWait(approval: Approval, now: Date): string {
  const until = `${minute(approval.deadline)} UTC`;
  return approvalState(approval, now) === 'expired'
    ? `nobody approved it until ${until}`
    : `waits for approval until ${until}`;
}
