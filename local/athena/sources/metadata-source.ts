import {
  listFiles,
  listHistory,
  listManifests,
  listPartitions,
  listRefs,
  listSnapshots,
} from '../../iceberg/metadata-tables.ts';
import type { Table } from '../../iceberg/table.ts';
import type { OutputColumn, RelationSource } from '../sql/statement.ts';
import { bigint, boolean, duckType, integer, type TrinoType, timestamptz, varchar } from '../sql/trino-type.ts';
import { quoteText } from '../sql/typed-sql.ts';

/** What follows the `$` of a metadata table's name. */
export type MetadataTable = keyof typeof metadataTables;

export function isMetadataTable(name: string): name is MetadataTable {
  return Object.hasOwn(metadataTables, name);
}

/** `"t$snapshots"` and its like, of the table's current state. */
export async function metadataSource(name: MetadataTable, table: Table): Promise<RelationSource> {
  const { columns, rows } = metadataTables[name];
  const entries = Object.entries(columns);
  const lines = (await rows(table)).map(row => {
    const values: Readonly<Record<string, unknown>> = { ...row };
    return `(${entries.map(([column, type]) => literal(values[column], type)).join(', ')})`;
  });
  const outputs: OutputColumn[] = entries.map(([column, type]) => ({ name: column, type }));
  const names = entries.map((_, index) => `c${index}`).join(', ');
  if (lines.length > 0)
    return { columns: outputs, bytes: 0, sql: `(SELECT * FROM (VALUES ${lines.join(', ')}) AS v(${names}))` };
  const none = entries.map(([, type], index) => `CAST(NULL AS ${duckType(type)}) AS c${index}`);
  return { columns: outputs, bytes: 0, sql: `(SELECT ${none.join(', ')} WHERE false)` };
}

const texts: TrinoType = { kind: 'map', key: varchar, value: varchar };
const countsById: TrinoType = { kind: 'map', key: integer, value: bigint };
const textsById: TrinoType = { kind: 'map', key: integer, value: varchar };

const metadataTables = {
  snapshots: {
    columns: {
      committed_at: timestamptz,
      snapshot_id: bigint,
      parent_id: bigint,
      operation: varchar,
      manifest_list: varchar,
      summary: texts,
    },
    rows: listSnapshots,
  },
  history: {
    columns: { made_current_at: timestamptz, snapshot_id: bigint, parent_id: bigint, is_current_ancestor: boolean },
    rows: listHistory,
  },
  files: {
    columns: {
      content: integer,
      file_path: varchar,
      file_format: varchar,
      record_count: bigint,
      file_size_in_bytes: bigint,
      column_sizes: countsById,
      value_counts: countsById,
      null_value_counts: countsById,
      nan_value_counts: countsById,
      lower_bounds: textsById,
      upper_bounds: textsById,
    },
    rows: listFiles,
  },
  manifests: {
    columns: {
      path: varchar,
      length: bigint,
      partition_spec_id: integer,
      added_snapshot_id: bigint,
      added_data_files_count: integer,
      added_rows_count: bigint,
      existing_data_files_count: integer,
      existing_rows_count: bigint,
      deleted_data_files_count: integer,
      deleted_rows_count: bigint,
    },
    rows: listManifests,
  },
  partitions: {
    // Athena's `partition` is a row; here it is a map of the same names.
    columns: { partition: texts, record_count: bigint, file_count: bigint, total_size: bigint },
    rows: listPartitions,
  },
  refs: { columns: { name: varchar, type: varchar, snapshot_id: bigint }, rows: listRefs },
} as const satisfies Readonly<
  Record<
    string,
    { columns: Readonly<Record<string, TrinoType>>; rows(table: Table): readonly object[] | Promise<readonly object[]> }
  >
>;

function literal(value: unknown, type: TrinoType): string {
  if (value === null || value === undefined) return `CAST(NULL AS ${duckType(type)})`;
  if (type.kind === 'timestamptz') return `CAST(make_timestamp_ms(${value}) AS TIMESTAMPTZ)`;
  if (type.kind === 'map') return mapLiteral(value as object, type);
  return `CAST(${typeof value === 'string' ? quoteText(value) : `${value}`} AS ${duckType(type)})`;
}

function mapLiteral(value: object, type: TrinoType & { kind: 'map' }): string {
  const entries: (readonly [unknown, unknown])[] = value instanceof Map ? [...value] : Object.entries(value);
  const pairs = entries.map(([key, each]) => `${literal(key, type.key)}: ${literal(each, type.value)}`);
  return `CAST(MAP {${pairs.join(', ')}} AS ${duckType(type)})`;
}
