import type { RegisterInput, RegisterOutput } from '../../contracts/tasks.ts';
import type { Clock } from '../clock.ts';
import { type RegisterServices, registerVersion } from './register-version.ts';
import { findFinishedRun, RunNotFoundError } from './runs.ts';

/**
 * Makes a run's model a version. Registering a run again answers the number it has.
 *
 * @throws {RunNotFoundError} when it has no model, too
 */
export async function register(
  { clock, ...services }: RegisterServices & { readonly clock: Clock },
  { useCase, runId, executionId }: RegisterInput,
): Promise<RegisterOutput> {
  const run = await findFinishedRun(services.registry, useCase, runId);
  if (!run?.model) throw new RunNotFoundError(useCase, runId);
  const { parameters, seed, manifestKey, tags, threshold } = run;
  const { metrics, modelSha256, modelBytes } = run.model;
  const { version } = await registerVersion(services, {
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
