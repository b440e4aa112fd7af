import type { LifecycleRequest, TrainingWindow } from '../../contracts/tasks.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { findExperimentProblem, type ReleaseStrategy, releaseStrategies } from '../../use-cases/release-policy.ts';
import { presets } from '../training/presets.ts';

/** Thrown when an execution is asked for something that there is not. */
export class InvalidLifecycleRequestError extends Error {
  override readonly name = 'InvalidLifecycleRequestError';
}

type Check = (value: unknown) => boolean;

const isAbsent: Check = value => value === undefined || value === null;
const isCount: Check = value => Number.isSafeInteger(value) && (value as number) > 0;

/** What each field may be, but for the use case, which has been loaded by its id. */
const fields: Readonly<Record<Exclude<keyof LifecycleRequest, 'useCase'>, { accepts: Check; expected: string }>> = {
  trigger: {
    accepts: value => ['schedule', 'manual', 'start', 'monitor'].includes(value as string),
    expected: '"schedule", "manual", "start" or "monitor"',
  },
  window: {
    accepts: value => isAbsent(value) || isWindow(value as Partial<TrainingWindow>),
    expected: '{"mode":"all"}, {"mode":"incremental"} or {"mode":"last","days":N} with N from 1 on',
  },
  newBatch: {
    accepts: value => isAbsent(value) || typeof value === 'boolean' || isCount(value),
    expected: 'true, false or a whole number from 1 on',
  },
  force: { accepts: value => isAbsent(value) || typeof value === 'boolean', expected: 'true or false' },
  candidates: {
    accepts: value => isAbsent(value) || (typeof value === 'string' && Object.hasOwn(presets, value)),
    expected: Object.keys(presets)
      .map(preset => `"${preset}"`)
      .join(', '),
  },
  strategy: {
    accepts: value => isAbsent(value) || releaseStrategies.includes(value as ReleaseStrategy),
    expected: releaseStrategies.map(strategy => `"${strategy}"`).join(', '),
  },
};

/**
 * Checks what an execution is asked for: whoever may start one can write anything into its input.
 *
 * @throws {InvalidLifecycleRequestError}
 */
export function checkRequest(request: LifecycleRequest, { release, label }: Pick<UseCase, 'release' | 'label'>): void {
  const problems = Object.entries(fields).flatMap(([name, { accepts, expected }]) => {
    const value = request[name as keyof typeof fields];
    return accepts(value) ? [] : [`${name} is ${JSON.stringify(value) ?? 'absent'}, expected ${expected}`];
  });
  const experiment = request.strategy === 'ab' ? findExperimentProblem(release, label.delayDays) : undefined;
  if (experiment) problems.push(`strategy is "ab", and ${experiment}`);
  if (problems.length > 0) throw new InvalidLifecycleRequestError(`Cannot run the lifecycle: ${problems.join('; ')}`);
}

function isWindow(window: Partial<TrainingWindow>): boolean {
  return window.mode === 'last' ? isCount(window.days) : window.mode === 'all' || window.mode === 'incremental';
}
