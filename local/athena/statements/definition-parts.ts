import type { ColumnDefinition } from '../../iceberg/table.ts';
import type { Properties, TableName } from './parsed-statement.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads `db.table`. */
export function tableName(reader: TokenReader): TableName {
  const first = reader.name();
  return reader.accept('.') ? { database: first, table: reader.name() } : { table: first };
}

/** Reads `(name type COMMENT '…', …)`. */
export function columnList(reader: TokenReader): ColumnDefinition[] {
  reader.expect('(');
  const columns: ColumnDefinition[] = [];
  do columns.push(column(reader));
  while (reader.accept(','));
  reader.expect(')');
  return columns;
}

/** Reads `name type COMMENT '…'`. */
export function column(reader: TokenReader): ColumnDefinition {
  const name = reader.name();
  const type = reader.until(',', ')', 'comment').toLowerCase();
  if (!type) throw reader.error('Expecting: <type>');
  return reader.accept('comment') ? { name, type, comment: reader.text() } : { name, type };
}

/** Reads `('key' = 'value', …)`. */
export function properties(reader: TokenReader): Properties {
  reader.expect('(');
  const entries: [string, string][] = [];
  do {
    const key = reader.text();
    reader.expect('=');
    entries.push([key, reader.text()]);
  } while (reader.accept(','));
  reader.expect(')');
  return Object.fromEntries(entries);
}
