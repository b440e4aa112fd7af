import type { ConcludeInput, ConcludeOutput } from '../../contracts/tasks.ts';
import type { Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { type Conclusion, putConclusion } from './execution.ts';
import { giveBackLifecycle } from './lifecycle-lease.ts';
import { readCause } from './read-cause.ts';

/** Records what an execution of the `lifecycle` machine came to, and lets the next one begin. */
export async function conclude(
  { registry, clock }: { registry: Table; clock: Clock },
  { request, state, executionId, startedAt }: ConcludeInput,
): Promise<ConcludeOutput> {
  const conclusion = readOutcome(state);
  await putConclusion(registry, request.useCase, {
    ...conclusion,
    executionId,
    trigger: request.trigger,
    asOf: startedAt,
    concludedAt: clock.now().toISOString(),
    ingestSeq: state.ingest?.ingestSeq ?? null,
  });
  await giveBackLifecycle(registry, request.useCase, executionId);
  const { outcome, version, reason } = conclusion;
  return { outcome, version, reason };
}

type Outcome = Pick<Conclusion, 'outcome' | 'version' | 'reason' | 'error'>;

/** Reads off the state how far the execution came. */
function readOutcome({
  dataset,
  plan,
  selection,
  registration,
  gate,
  release,
  failure,
}: ConcludeInput['state']): Outcome {
  if (failure) {
    const error = { name: failure.Error, cause: readCause(failure.Cause) };
    const reason = error.cause ? `${error.name}: ${error.cause}` : error.name;
    return { outcome: 'failed', version: registration?.version ?? null, reason, error };
  }
  if (release) {
    const outcome = release.status === 'promoted' ? 'released' : 'releasing';
    return { outcome, version: release.version, reason: release.reason, error: null };
  }
  if (gate) return { outcome: 'rejected', version: gate.version, reason: gate.reason, error: null };
  if (plan?.status === 'unchanged') {
    const before = plan.version === null ? 'no candidate was selected' : `version ${plan.version} was trained`;
    return {
      outcome: 'unchanged',
      version: plan.version,
      reason: `${before} on the same rows by the same code`,
      error: null,
    };
  }
  if (selection?.status === 'none') {
    return { outcome: 'rejected', version: null, reason: selection.reason, error: null };
  }
  if (dataset?.status === 'insufficient data') {
    return { outcome: 'insufficient data', version: null, reason: dataset.reason, error: null };
  }
  throw new Error('Cannot conclude an execution that neither failed nor came to a decision');
}
