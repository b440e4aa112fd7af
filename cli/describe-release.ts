import { nameStep } from '../lifecycle/release/name-step.ts';
import type { Release } from '../lifecycle/release/releases.ts';
import { minute } from './text.ts';

/** A release in one line. */
export function describeRelease(release: Release): string {
  const { release: number, version, strategy, status, reason } = release;
  const how = status === 'running' ? describeStep(release) : (reason ?? '');
  return `Release ${number} of version ${version} (${strategy}) is ${status}${how && `: ${how}`}`;
}

/** Where a running release stands. */
export function describeStep({ gate, approval, step, steps, since, verdicts }: Release): string {
  if (gate === null) return 'the gate decides';
  if (approval && !approval.answer) return `waits for approval until ${minute(approval.deadline)} UTC`;
  if (step < 0) return 'begins';
  const verdict = verdicts[step];
  return `${nameStep(steps[step]!)} since ${minute(since!)} UTC${verdict ? `, ${verdict.verdict}: ${verdict.reason}` : ''}`;
}
