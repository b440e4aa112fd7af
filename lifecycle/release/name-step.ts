import type { ReleaseStep } from '../../use-cases/release-policy.ts';

/** A step in words. */
export function nameStep(step: ReleaseStep): string {
  return step === 'shadow' ? 'shadow' : `${Number((step * 100).toPrecision(4))} % of the units`;
}
