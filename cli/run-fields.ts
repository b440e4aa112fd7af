import { closestName } from '../lifecycle/inference/closest-name.ts';
import type { TrackedRun } from '../lifecycle/registry/runs.ts';
import { type Filter, type FilterValue, filterFields } from './filter.ts';

/** What runs are filtered and sorted by, each under one name. */
export type RunFields = Readonly<Record<string, FilterValue>>;

/** Thrown when a field is named that no run has. */
export class UnknownRunFieldError extends Error {
  override readonly name = 'UnknownRunFieldError';

  constructor(field: string, known: readonly string[]) {
    const meant = closestName(field, known);
    super(`No run has a field "${field}"${meant ? `; did you mean "${meant}"?` : ''}: there are ${known.join(', ')}`);
  }
}

/** Lays a run out flat: `metrics.…` are means over the folds, `sd.…` their standard deviations, `params.…` and `tags.…` as recorded. */
export function readRunFields(run: TrackedRun): RunFields {
  const { runId, experimentId, status, seed, seconds, startedAt, parameters, tags } = run;
  const fields = {
    ...{ run: runId, experiment: experimentId, status, seed, seconds, started_at: startedAt },
    ...flatten('params', parameters),
    ...flatten('tags', tags),
  };
  if (run.status === 'failed') return { ...fields, error: run.error.name };
  const { foldMetrics, threshold, memoryMb, peakMemoryMb, model } = run;
  const figures = Object.entries(foldMetrics);
  return {
    ...fields,
    ...Object.fromEntries(figures.map(([name, { mean }]) => [`metrics.${name}`, mean])),
    ...Object.fromEntries(figures.map(([name, { sd }]) => [`sd.${name}`, sd])),
    ...{ threshold, memory_mb: memoryMb, peak_memory_mb: peakMemoryMb, model: model?.modelSha256 ?? null },
  };
}

/**
 * Checks that each field that is asked for is one of some run.
 *
 * @throws {UnknownRunFieldError}
 */
export function requireFields(runs: readonly RunFields[], filter: Filter | undefined, sort: string): void {
  const known = new Set(runs.flatMap(run => Object.keys(run)));
  if (known.size === 0) return;
  const unknown = [...(filter ? filterFields(filter) : []), sort].find(field => !known.has(field));
  if (unknown !== undefined) throw new UnknownRunFieldError(unknown, [...known].sort());
}

/** Orders by a field, those without it last. */
export function compareBy(field: string, descending: boolean): (left: RunFields, right: RunFields) => number {
  return (left, right) => {
    const [a, b] = [left[field] ?? null, right[field] ?? null];
    if (a === b) return 0;
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b === descending ? 1 : -1;
  };
}

function flatten(prefix: string, value: object): Record<string, FilterValue> {
  const entries = Object.entries(value).map(([name, inner]) => {
    const path = `${prefix}.${name}`;
    return typeof inner === 'object' && inner !== null ? flatten(path, inner) : { [path]: inner as FilterValue };
  });
  return Object.assign({}, ...entries);
}
