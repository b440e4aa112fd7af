import type { RegisterInput, RegisterOutput } from '../../contracts/tasks.ts';
import type { Events } from '../../platform/events.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { describeRegister } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import { findFinishedRun, RunNotFoundError } from './runs.ts';
import { claimVersion } from './versions.ts';

/**
 * Makes a run's model a version. Registering a run again answers the number it has.
 *
 * @throws {RunNotFoundError} when it has no model, too
 */
export async function register(
  { registry, objects, events, clock }: { registry: Table; objects: Objects; events: Events; clock: Clock },
  { useCase, runId, executionId }: RegisterInput,
): Promise<RegisterOutput> {
  const run = await findFinishedRun(registry, useCase, runId);
  if (!run?.model) throw new RunNotFoundError(useCase, runId);
  const { parameters, seed, manifestKey, tags, threshold } = run;
  const { metrics, modelSha256, modelBytes } = run.model;
  const registered = await claimVersion(registry, {
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
  const { version, createdAt, createdBy } = registered;
  await recordAct(objects, describeRegister(registered));
  await events.put('Version Registered', { useCase, version, at: createdAt, by: createdBy });
  return { version };
}
