import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import { partition, sequenceKey, withoutKey } from '../registry/keys.ts';
import type { MonitorDecision } from './decide.ts';

/** A decision on record. */
export interface RecordedDecision extends MonitorDecision {
  readonly useCase: string;
  readonly reportId: string;
  readonly revision: number;
  /** ISO instant. */
  readonly at: string;
  /** ARN of the execution that decided. */
  readonly by: string;
  readonly champion: number | null;
  readonly newMatureRows: number | null;
  /** Null until it was carried out. */
  readonly done: {
    /** ISO instant. */
    readonly at: string;
    /** ARN of the lifecycle that was started; null where none was. */
    readonly lifecycle: string | null;
  } | null;
}

type DecisionItem = RecordedDecision & Key;

/** Records a decision, unless its report has one, and returns the one on record: a report is decided on once. */
export async function claimDecision(registry: Table, decision: RecordedDecision): Promise<RecordedDecision> {
  const key = decisionKey(decision);
  try {
    await registry.put({ ...key, ...decision }, absent);
    return decision;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return withoutKey((await registry.get<DecisionItem>(key))!);
  }
}

/** Records that a decision was carried out. */
export async function finishDecision(
  registry: Table,
  decision: RecordedDecision,
  done: NonNullable<RecordedDecision['done']>,
): Promise<void> {
  await registry.update(decisionKey(decision), {
    ...{ expression: 'SET #done = :done', names: { done: 'done' }, values: { done } },
  });
}

/** Reads the decision on a report, or undefined before there is one. */
export async function findDecision(
  registry: Table,
  report: Pick<RecordedDecision, 'useCase' | 'reportId' | 'revision'>,
): Promise<RecordedDecision | undefined> {
  const item = await registry.get<DecisionItem>(decisionKey(report));
  return item && withoutKey(item);
}

/** Reads decisions by their reports, newest first. */
export async function listDecisions(registry: Table, useCase: string, limit?: number): Promise<RecordedDecision[]> {
  const items = await registry.query<DecisionItem>(partition(useCase, 'monitor-decision'), { descending: true, limit });
  return items.map(withoutKey);
}

function decisionKey({
  useCase,
  reportId,
  revision,
}: Pick<RecordedDecision, 'useCase' | 'reportId' | 'revision'>): Key {
  return { pk: partition(useCase, 'monitor-decision'), sk: `${reportId}#${sequenceKey(revision)}` };
}
