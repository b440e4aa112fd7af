import { toAthenaType } from '../../iceberg/column-type.ts';
import type { PlannedFile } from '../../iceberg/data-file.ts';
import type { Schema } from '../../iceberg/table-metadata.ts';
import type { OutputColumn } from '../sql/statement.ts';
import { duckType, type TrinoType, typeOfColumn } from '../sql/trino-type.ts';
import { quoteText } from '../sql/typed-sql.ts';

/** Columns of a schema with Trino's types. */
export function columnsOf(schema: Schema): (OutputColumn & { readonly name: string; readonly id: number })[] {
  return schema.fields.map(({ id, name, type }) => ({ id, name, type: columnType(type) }));
}

/**
 * DuckDB's reading of data files by a schema's field ids, whatever the columns are named or typed in each file: `c0`, `c1` … in the schema's order.
 *
 * @param options `rows`: adds `file` and `row`, the path and the number of the row in it
 */
export function icebergSource(schema: Schema, files: readonly PlannedFile[], { rows = false } = {}): string {
  const columns = columnsOf(schema);
  if (files.length === 0) {
    const none = columns.map(({ type }, index) => `CAST(NULL AS ${duckType(type)}) AS c${index}`);
    const place = rows ? ', CAST(NULL AS VARCHAR) AS file, CAST(NULL AS BIGINT) AS row' : '';
    return `(SELECT ${none.join(', ')}${place} WHERE false)`;
  }
  const paths = files.map(({ path }) => quoteText(path)).join(', ');
  const fields = columns.map(
    ({ id, type }, index) => `${id}: {name: 'c${index}', type: '${duckType(type)}', default_value: NULL}`,
  );
  const reading = `read_parquet([${paths}], schema = MAP{${fields.join(', ')}}, hive_partitioning = false${rows ? ', filename = true, file_row_number = true' : ''})`;
  if (!rows) return reading;
  return `(SELECT ${columns.map((_, index) => `c${index}`).join(', ')}, filename AS file, file_row_number AS row FROM ${reading})`;
}

function columnType(icebergType: string): TrinoType {
  const type = typeOfColumn(toAthenaType(icebergType));
  if (!type) throw new RangeError(`Column type "${icebergType}" is not one that queries can read`);
  return type;
}
