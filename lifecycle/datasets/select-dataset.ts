import type { Column } from '../../contracts/tables.ts';
import type { TrainingWindow } from '../../contracts/tasks.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { featureColumns, tableName } from '../../use-cases/table-schemas.ts';
import { matureUntil } from './maturity.ts';
import { sqlName, sqlTimestamp } from './sql-literal.ts';

/** Which rows of which snapshot make a dataset. */
export interface DatasetSelection {
  readonly window: TrainingWindow;
  /** ISO instant up to which, inclusive, events are mature. */
  readonly matureUntil: string;
  readonly sql: string;
  /** Columns of the result, in order. */
  readonly schema: readonly Column[];
}

export interface SelectDatasetOptions {
  readonly useCase: UseCase;
  readonly window: TrainingWindow;
  readonly snapshotId: string;
  /** ISO instant as of which maturity is judged. */
  readonly startedAt: string;
  /** Label sequence numbers `(after, to]` of an incremental dataset. */
  readonly labelSeq: { readonly after: number; readonly to: number };
}

/** Words the SELECT of a dataset. */
export function selectDataset({
  useCase,
  window,
  snapshotId,
  startedAt,
  labelSeq,
}: SelectDatasetOptions): DatasetSelection {
  const until = matureUntil(useCase, startedAt);
  const absentIsNegative = useCase.label.absentMeans === 'negative';
  const label = absentIsNegative ? 'coalesce(label, 0)' : 'label';
  const labelledBy = absentIsNegative ? 'coalesce(label_seq, ingest_seq)' : 'label_seq';
  const columns: [Column, expression?: string][] = [
    [{ name: 'observation_id', type: 'string' }],
    [{ name: 'entity_id', type: 'string' }],
    // Iceberg's timestamps have microseconds, which UNLOAD can't write to Parquet.
    [{ name: 'event_time', type: 'timestamp' }, 'CAST(event_time AS timestamp(3))'],
    [{ name: 'ingest_seq', type: 'bigint' }],
    ...featureColumns(useCase).map((column): [Column] => [column]),
    [{ name: 'label', type: 'int' }, label],
    [{ name: 'label_seq', type: 'bigint' }, labelledBy],
  ];
  const conditions = [
    `event_time <= ${sqlTimestamp(until)}`,
    ...(absentIsNegative ? [] : ['label IS NOT NULL']),
    ...windowConditions({ window, until, labelSeq, labelledBy }),
  ];
  return {
    window,
    matureUntil: until.toISOString(),
    schema: columns.map(([column]) => column),
    sql: `SELECT ${columns.map(([{ name }, expression]) => (expression ? `${expression} AS ${sqlName(name)}` : sqlName(name))).join(', ')}
FROM ${sqlName(tableName(useCase.id, 'observations'))} FOR VERSION AS OF ${snapshotId}
WHERE ${conditions.join(' AND ')}`,
  };
}

interface WindowOptions {
  readonly window: TrainingWindow;
  readonly until: Date;
  readonly labelSeq: { readonly after: number; readonly to: number };
  readonly labelledBy: string;
}

function windowConditions({ window, until, labelSeq, labelledBy }: WindowOptions): string[] {
  switch (window.mode) {
    case 'all':
      return [];
    case 'last':
      return [`event_time > ${sqlTimestamp(new Date(until.getTime() - window.days * 86_400_000))}`];
    case 'incremental':
      return [`${labelledBy} > ${labelSeq.after}`, `${labelledBy} <= ${labelSeq.to}`];
  }
}
