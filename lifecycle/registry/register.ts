import type { RegisterInput, RegisterOutput } from '../../contracts/tasks.ts';
import type { Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { findRun } from './runs.ts';
import { claimVersion } from './versions.ts';

/** Thrown when no run has the id. */
export class RunNotFoundError extends Error {
  override readonly name = 'RunNotFoundError';

  constructor(useCase: string, runId: string) {
    super(`Use case "${useCase}" has no run ${runId}`);
  }
}

/**
 * Makes a run's model a version. Registering a run again answers the number it has.
 *
 * @throws {RunNotFoundError}
 */
export async function register(
  { registry, clock }: { registry: Table; clock: Clock },
  { useCase, runId, executionId }: RegisterInput,
): Promise<RegisterOutput> {
  const run = await findRun(registry, useCase, runId);
  if (!run) throw new RunNotFoundError(useCase, runId);
  const { parameters, seed, manifestKey, tags, metrics, threshold, modelSha256, modelBytes } = run;
  const { version } = await claimVersion(registry, {
    useCase,
    runId,
    parameters,
    seed,
    manifestKey,
    tags,
    metrics,
    threshold,
    modelSha256,
    modelBytes,
    createdAt: clock.now().toISOString(),
    createdBy: executionId,
  });
  return { version };
}
