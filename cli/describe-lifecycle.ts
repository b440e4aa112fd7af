import type { ConcludeOutput, IngestOutput } from '../contracts/tasks.ts';

/** What the lifecycle ends with; where there was nothing to do, the answer is the ingest's. */
export type LifecycleOutput = ConcludeOutput | IngestOutput;

/** What a lifecycle came to, in one line. */
export function describeLifecycle(output: LifecycleOutput): string {
  if (!('outcome' in output)) return `nothing to do: ${output.reason}`;
  const { outcome, version, reason } = output;
  return `${outcome}${version === null ? '' : ` version ${version}`}: ${reason}`;
}
