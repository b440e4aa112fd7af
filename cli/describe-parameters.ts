import type { TrackedRun } from '../lifecycle/registry/runs.ts';

type Candidate = TrackedRun['parameters'];

/** Words each candidate by the parameters in which it differs from some other of its algorithm: `maxDepth 5, alpha 0.1`. */
export function describeParameters(candidates: readonly Candidate[]): string[] {
  const alike = Map.groupBy(candidates, ({ algorithm }) => algorithm);
  const differing = new Map([...alike].map(([algorithm, group]) => [algorithm, findDiffering(group)]));
  return candidates.map(candidate => describe(candidate, differing.get(candidate.algorithm)!));
}

/** Names of the parameters that are not the same in all of them. */
function findDiffering(candidates: readonly Candidate[]): string[] {
  const names = new Set(candidates.flatMap(candidate => Object.keys(candidate)));
  return [...names].filter(name => new Set(candidates.map(candidate => writeValue(candidate, name))).size > 1);
}

function describe(candidate: Candidate, names: readonly string[]): string {
  return names
    .filter(name => name in candidate)
    .map(name => `${name} ${writeValue(candidate, name)}`)
    .join(', ');
}

function writeValue(candidate: Candidate, name: string): string {
  const value: unknown = Object.entries(candidate).find(([parameter]) => parameter === name)?.[1];
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
