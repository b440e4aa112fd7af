import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { Workflows } from '../../platform/workflows.ts';
import type { Clock } from '../clock.ts';
import { partition } from './keys.ts';

/** Thrown when another execution of the use case's lifecycle is alive. */
export class LifecycleBusyError extends Error {
  override readonly name = 'LifecycleBusyError';
  /** ARN of the execution that runs. */
  readonly holder: string;

  constructor(useCase: string, holder: string, options?: ErrorOptions) {
    super(`Lifecycle of "${useCase}" is run by ${holder}, wait until it ends`, options);
    this.holder = holder;
  }
}

export interface LifecycleLeaseServices {
  readonly registry: Table;
  readonly workflows: Workflows;
  readonly clock: Clock;
}

type LeaseItem = Key & { readonly holder: string; readonly takenAt: string };

/**
 * Makes `executionId` the one execution that works on the use case. It may ask again; an execution that has ended loses its hold.
 *
 * @throws {LifecycleBusyError} naming the execution that has it
 */
export async function takeLifecycle(
  { registry, workflows, clock }: LifecycleLeaseServices,
  useCase: string,
  executionId: string,
): Promise<void> {
  const key = leaseKey(useCase);
  const present = await registry.get<LeaseItem>(key);
  if (present?.holder === executionId) return;
  if (present && (await isAlive({ workflows, clock }, present))) throw new LifecycleBusyError(useCase, present.holder);
  const lease = { ...key, holder: executionId, takenAt: clock.now().toISOString() };
  const unchanged = present
    ? { expression: '#holder = :holder', names: { holder: 'holder' }, values: { holder: present.holder } }
    : absent;
  try {
    await registry.put(lease, unchanged);
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    const winner = await registry.get<LeaseItem>(key);
    throw new LifecycleBusyError(useCase, winner?.holder ?? 'another execution', { cause: error });
  }
}

/** Ends the hold of `executionId`, if it has it. */
export async function giveBackLifecycle(registry: Table, useCase: string, executionId: string): Promise<void> {
  try {
    await registry.delete(leaseKey(useCase), {
      expression: '#holder = :holder',
      names: { holder: 'holder' },
      values: { holder: executionId },
    });
  } catch (error) {
    // It was given back before, or taken over after this execution was thought dead.
    if (!(error instanceof ConditionFailedError)) throw error;
  }
}

/** Finds the execution of the use case's lifecycle that runs, if one does. */
export async function findRunningLifecycle(services: LifecycleLeaseServices, useCase: string): Promise<string | null> {
  const lease = await services.registry.get<LeaseItem>(leaseKey(useCase));
  return lease && (await isAlive(services, lease)) ? lease.holder : null;
}

/** How long an execution that the lease was taken for may take to be seen, in real milliseconds: Step Functions shows a new one with a delay. */
const appearanceMs = 60_000;

async function isAlive(
  { workflows, clock }: Pick<LifecycleLeaseServices, 'workflows' | 'clock'>,
  { holder, takenAt }: LeaseItem,
): Promise<boolean> {
  const execution = await workflows.describe(holder);
  if (execution) return execution.status === 'RUNNING';
  return clock.real(clock.now().getTime() - Date.parse(takenAt)) < appearanceMs;
}

function leaseKey(useCase: string): Key {
  return { pk: partition(useCase, 'lease'), sk: 'lifecycle' };
}
