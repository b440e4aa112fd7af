import { isPromotion, toAthenaType, toIcebergType } from './column-type.ts';
import { commit } from './commit.ts';
import { InvalidSchemaError } from './errors.ts';
import type { ColumnDefinition, Table } from './table.ts';
import { currentSchema, type SchemaField } from './table-metadata.ts';

/** New name and type of a column. */
export interface ColumnChange {
  /** @default - the name stays */
  readonly name?: string;
  /** int → bigint, float → double, or a decimal of higher precision. @default - the type stays */
  readonly type?: string;
  /** @default - the comment stays */
  readonly comment?: string;
}

/**
 * Adds columns at the end (`ALTER TABLE … ADD COLUMNS`); rows already there read NULL. Writes metadata only, makes no snapshot.
 *
 * @throws {InvalidSchemaError} when a name is taken
 * @throws {CommitConflictError}
 */
export async function addColumns(table: Table, columns: readonly ColumnDefinition[]): Promise<Table> {
  const firstId = table.metadata['last-column-id'] + 1;
  const added = columns.map(({ name, type, comment }, index) => ({
    id: firstId + index,
    name: name.toLowerCase(),
    required: false,
    type: toIcebergType(type),
    ...(comment && { doc: comment }),
  }));
  return commitFields(table, [...currentSchema(table.metadata).fields, ...added]);
}

/**
 * Renames a column or widens its type (`ALTER TABLE … CHANGE COLUMN`). Files already there are read by field id.
 *
 * @throws {InvalidSchemaError} when there is no such column, the name is taken, or the type can't become the other
 * @throws {CommitConflictError}
 */
export async function changeColumn(table: Table, column: string, change: ColumnChange): Promise<Table> {
  const field = findField(table, column);
  const changed = {
    ...field,
    name: change.name?.toLowerCase() ?? field.name,
    type: changedType(table, field, change.type),
    ...(change.comment !== undefined && { doc: change.comment }),
  };
  return commitFields(
    table,
    currentSchema(table.metadata).fields.map(other => (other.id === field.id ? changed : other)),
  );
}

/**
 * Removes a column from the schema (`ALTER TABLE … DROP COLUMN`); its values stay in the files, a column of that name added later is another one.
 *
 * @throws {InvalidSchemaError} when there is no such column, it is the last one, or a partition comes from it
 * @throws {CommitConflictError}
 */
export async function dropColumn(table: Table, column: string): Promise<Table> {
  const { fields } = currentSchema(table.metadata);
  const dropped = findField(table, column);
  const partition = table.metadata['partition-specs']
    .flatMap(spec => spec.fields)
    .find(field => field['source-id'] === dropped.id);
  if (partition)
    throw new InvalidSchemaError(
      `Cannot drop column "${column}" of "${table.location}": partition "${partition.name}" comes from it`,
    );
  if (fields.length === 1)
    throw new InvalidSchemaError(`Cannot drop column "${column}" of "${table.location}": it is the only one`);
  return commitFields(
    table,
    fields.filter(({ id }) => id !== dropped.id),
  );
}

function findField({ metadata, location }: Table, column: string): SchemaField {
  const field = currentSchema(metadata).fields.find(({ name }) => name === column.toLowerCase());
  if (!field) throw new InvalidSchemaError(`Table "${location}" has no column "${column}"`);
  return field;
}

function changedType({ location }: Table, { name, type }: SchemaField, wanted: string | undefined): string {
  const changed = wanted === undefined ? type : toIcebergType(wanted);
  if (changed === type || isPromotion(type, changed)) return changed;
  throw new InvalidSchemaError(
    `Cannot change column "${name}" of "${location}" from ${toAthenaType(type)} to ${wanted}: only int to bigint, float to double and decimals to a higher precision`,
  );
}

async function commitFields(table: Table, fields: readonly SchemaField[]): Promise<Table> {
  const { metadata, location } = table;
  const names = fields.map(({ name }) => name);
  const taken = names.find((name, index) => names.indexOf(name) !== index);
  if (taken) throw new InvalidSchemaError(`Table "${location}" has a column "${taken}" already`);
  const schemaId = Math.max(...metadata.schemas.map(({ 'schema-id': id }) => id)) + 1;
  return commit(table, {
    ...metadata,
    'last-column-id': Math.max(metadata['last-column-id'], ...fields.map(({ id }) => id)),
    schemas: [...metadata.schemas, { type: 'struct', 'schema-id': schemaId, fields }],
    'current-schema-id': schemaId,
  });
}
