import type { LifecycleOutcome, LifecycleRequest } from '../../contracts/tasks.ts';
import type { Key, Table } from '../../platform/table.ts';
import { partition, withoutKey } from './keys.ts';

/** What one execution of the `lifecycle` machine came to. */
export interface Conclusion {
  /** ARN of the execution. */
  readonly executionId: string;
  readonly trigger: LifecycleRequest['trigger'];
  /** ISO instant at which the execution started: rows that were mature then were taken into account. */
  readonly asOf: string;
  /** ISO instant at which it concluded. */
  readonly concludedAt: string;
  /** Number of the newest complete batch it took into account; null when it failed before it knew. */
  readonly ingestSeq: number | null;
  readonly outcome: LifecycleOutcome;
  /** The version that it decided on, if any. */
  readonly version: number | null;
  readonly reason: string;
  /** What a failed one failed of. */
  readonly error: { readonly name: string; readonly cause: string } | null;
}

type ConclusionItem = Conclusion & Key;

/** Puts what an execution came to; a retry of the same execution puts it again. */
export async function putConclusion(registry: Table, useCase: string, conclusion: Conclusion): Promise<void> {
  await registry.put({ pk: partition(useCase, 'execution'), sk: conclusionKey(conclusion), ...conclusion });
}

/** Reads conclusions, newest first. */
export async function listConclusions(registry: Table, useCase: string, limit?: number): Promise<Conclusion[]> {
  const items = await registry.query<ConclusionItem>(partition(useCase, 'execution'), { descending: true, limit });
  return items.map(withoutKey);
}

/** Reads the newest conclusion that is no failure: the evidence up to it needs no other lifecycle. Undefined before the first. */
export async function readLastConclusion(registry: Table, useCase: string): Promise<Conclusion | undefined> {
  for (let limit = 10; ; limit *= 10) {
    const conclusions = await listConclusions(registry, useCase, limit);
    const last = conclusions.find(({ outcome }) => outcome !== 'failed');
    if (last || conclusions.length < limit) return last;
  }
}

/** Orders executions by their start. */
function conclusionKey({ asOf, executionId }: Conclusion): string {
  return `${asOf}#${executionId.slice(executionId.lastIndexOf(':') + 1)}`;
}
