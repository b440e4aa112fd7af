import { hash } from 'node:crypto';
import type { Run } from '../registry/runs.ts';

/** What decides a run's result: nothing else may. */
export interface RunIdentity extends Pick<Run, 'parameters' | 'seed'> {
  /** sha256 of the dataset's rows. */
  readonly contentHash: string;
  /** sha256 of the trainer's program. */
  readonly codeSha256: string;
}

/** Id of a run: the same for whoever trains the same. */
export function identifyRun({ contentHash, codeSha256, parameters, seed }: RunIdentity): string {
  const sorted = Object.entries(parameters).sort(([left], [right]) => (left < right ? -1 : 1));
  return hash('sha256', JSON.stringify([contentHash, codeSha256, sorted, seed]), 'hex');
}
