import type { Version } from '../../../lifecycle/registry/versions.ts';
import { exampleModel, exampleRun } from './example-run.ts';

/** A version whose figures are made up, before it has a number. */
export function exampleVersion(changes: Partial<Version> = {}): Omit<Version, 'version'> {
  const { useCase, runId, parameters, seed, manifestKey, tags, threshold } = exampleRun();
  const { metrics, modelSha256, modelBytes } = exampleModel();
  return {
    ...{ useCase, runId, parameters, seed, manifestKey, tags, metrics, threshold, modelSha256, modelBytes },
    createdAt: '2026-03-02T03:10:00.000Z',
    createdBy: 'someone',
    ...changes,
  };
}
