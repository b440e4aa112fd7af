import type { UseCase } from '../../use-cases/define-use-case.ts';

/** Instant up to which, inclusive, events are mature as of an ISO instant: one label delay before it. */
export function matureUntil({ label }: UseCase, asOf: string): Date {
  return new Date(Date.parse(asOf) - label.delayDays * 86_400_000);
}
