import { hash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ConcludeOutput, IngestOutput, LifecycleExecution, LifecycleRequest } from '../../contracts/tasks.ts';
import type { ExecutionDetail, Workflows } from '../../platform/workflows.ts';
import { ExecutionNotFoundError, IdempotencyKeyReusedError } from './execution-errors.ts';
import { giveBackLifecycle, type LifecycleLeaseServices, takeLifecycle } from './lifecycle-lease.ts';
import { readCause } from './read-cause.ts';

const machine = 'lifecycle';
/**
 * Names an execution after the caller's idempotency key, so that Step Functions starts it once.
 *
 * @param keyId id of the caller's access key: callers don't know each other's keys
 * @param idempotencyKey @default - no other request is the same
 */
export function nameExecution(useCase: string, keyId: string, idempotencyKey: string | undefined): string {
  const id = idempotencyKey
    ? hash('sha256', JSON.stringify([useCase, keyId, idempotencyKey])).slice(0, 32)
    : randomUUID().replaceAll('-', '');
  return `http-${id}`;
}

/**
 * Starts an execution under a name, unless it was started before. It has the use case's lifecycle before it is started, so that of two that are asked for at
 * once one is refused.
 *
 * @throws {LifecycleBusyError} while another execution is alive
 * @throws {IdempotencyKeyReusedError} when the name was given to another request
 */
export async function startLifecycle(
  services: LifecycleLeaseServices,
  request: LifecycleRequest,
  name: string,
): Promise<ExecutionDetail['status']> {
  const { registry, workflows } = services;
  const executionId = workflows.idOf(machine, name);
  const present = await workflows.describe(executionId);
  if (present) {
    if (!isDeepStrictEqual(present.input, JSON.parse(JSON.stringify(request))))
      throw new IdempotencyKeyReusedError(name);
    return present.status;
  }
  await takeLifecycle(services, request.useCase, executionId);
  try {
    await workflows.start(machine, request, name);
  } catch (error) {
    await giveBackLifecycle(registry, request.useCase, executionId);
    throw error;
  }
  return 'RUNNING';
}

/** Reads an execution of a use case's lifecycle, however it was started. @throws {ExecutionNotFoundError} */
export async function readLifecycleExecution(
  workflows: Workflows,
  useCase: string,
  name: string,
): Promise<LifecycleExecution> {
  // Step Functions takes no other names, and says so as if the fault were ours.
  const found = /^[\w.-]{1,80}$/.test(name) ? await workflows.describe(workflows.idOf(machine, name)) : undefined;
  const request = found?.input as LifecycleRequest | undefined;
  if (!found || request?.useCase !== useCase) throw new ExecutionNotFoundError(useCase, name);
  const { status, startedAt, stoppedAt } = found;
  return {
    name,
    useCase,
    status,
    trigger: request.trigger,
    startedAt: startedAt.toISOString(),
    stoppedAt: stoppedAt?.toISOString() ?? null,
    ...readResult(found),
  };
}

function readResult({
  status,
  output,
  error,
  cause,
}: ExecutionDetail): Pick<LifecycleExecution, 'outcome' | 'version' | 'reason'> {
  if (status === 'RUNNING') return { outcome: null, version: null, reason: null };
  if (status !== 'SUCCEEDED') {
    const reason = [error ?? status, readCause(cause ?? undefined)].filter(Boolean).join(': ');
    return { outcome: 'failed', version: null, reason };
  }
  const answer = output as ConcludeOutput | IngestOutput;
  if (!('outcome' in answer)) return { outcome: 'nothing to do', version: null, reason: answer.reason };
  return { outcome: answer.outcome, version: answer.version, reason: answer.reason };
}
