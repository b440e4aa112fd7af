import type { ObjectFolder, StoredObject } from '../../iceberg/object-folder.ts';
import type { ColumnDefinition } from '../../iceberg/table.ts';
import type { CatalogTable } from '../catalog.ts';
import { QueryError } from '../query-error.ts';
import type { OutputColumn, RelationSource } from '../sql/statement.ts';
import { duckType, type TrinoType, typeName, typeOfColumn } from '../sql/trino-type.ts';
import { quoteName, quoteText } from '../sql/typed-sql.ts';

/** Parquet files of one partition, or of a whole table that has none. */
export interface PartitionFiles {
  /** Partition values as text, in the order of the partition keys. */
  readonly values: readonly string[];
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Columns of an external table: its own, then its partition keys. */
function externalColumns({ columns, partitionKeys }: CatalogTable): (OutputColumn & { readonly name: string })[] {
  return [...columns, ...partitionKeys].map(column => ({ name: column.name, type: typeOf(column) }));
}

/** Lists an external table's files by partition, as the projection in its properties lays them out. */
export async function listPartitionFiles(table: CatalogTable, folder: ObjectFolder): Promise<PartitionFiles[]> {
  const objects = (await folder.list(table.location)).filter(({ uri, size }) => size > 0 && !isHidden(uri));
  if (table.partitionKeys.length === 0) return [{ values: [], files: objects.map(object => file(object, folder)) }];
  const match = partitionMatcher(table);
  const partitions = Map.groupBy(
    objects.flatMap(object => {
      const values = match(object.uri);
      return values ? [{ values, object }] : [];
    }),
    ({ values }) => JSON.stringify(values),
  );
  return [...partitions.values()].map(members => ({
    values: members[0]!.values,
    files: members.map(({ object }) => file(object, folder)),
  }));
}

/** DuckDB's reading of an external table, of the partitions that some constants leave. */
export function externalSource(
  table: CatalogTable,
  partitions: readonly PartitionFiles[],
  equalities: ReadonlyMap<string, string>,
): RelationSource {
  const wanted = partitions.filter(
    ({ values, files }) =>
      files.length > 0 &&
      table.partitionKeys.every(({ name }, index) => isWanted(values[index]!, equalities.get(name))),
  );
  const columns = externalColumns(table);
  const bytes = wanted.flatMap(({ files }) => files).reduce((sum, { size }) => sum + size, 0);
  if (wanted.length > 0)
    return { columns, bytes, sql: `(${wanted.map(partition => readPartition(table, partition)).join(' UNION ALL ')})` };
  const none = columns.map(({ type }, index) => `CAST(NULL AS ${duckType(type)}) AS c${index}`);
  return { columns, bytes, sql: `(SELECT ${none.join(', ')} WHERE false)` };
}

function readPartition({ columns, partitionKeys }: CatalogTable, { values, files }: PartitionFiles): string {
  // Found by name, as Athena reads Parquet; a column that a file lacks is NULL.
  const schema = columns.map(
    column =>
      `${quoteText(column.name)}: {name: ${quoteText(column.name)}, type: '${duckType(typeOf(column))}', default_value: NULL}`,
  );
  const paths = files.map(({ path }) => quoteText(path)).join(', ');
  const own = columns.map(({ name }, index) => `${quoteName(name)} AS c${index}`);
  const keys = partitionKeys.map(
    (column, index) =>
      `CAST(${quoteText(values[index]!)} AS ${duckType(typeOf(column))}) AS c${columns.length + index}`,
  );
  return `SELECT ${[...own, ...keys].join(', ')} FROM read_parquet([${paths}], schema = MAP{${schema.join(', ')}}, hive_partitioning = false)`;
}

function isWanted(value: string, constant: string | undefined): boolean {
  if (constant === undefined) return true;
  return value === constant || (Number.isFinite(Number(value)) && Number(value) === Number(constant));
}

/** Reads the partition values out of an object's address, `undefined` where the projection has no such partition. */
function partitionMatcher({
  location,
  partitionKeys,
  parameters,
}: CatalogTable): (uri: string) => string[] | undefined {
  if (parameters['projection.enabled'] !== 'true') return () => undefined;
  const template =
    parameters['storage.location.template'] ??
    `${location}/${partitionKeys.map(({ name }) => `${name}=\${${name}}`).join('/')}`;
  const names = [...template.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name!.toLowerCase());
  const pattern = template
    .replace(/\/+$/, '')
    .split(/\$\{\w+\}/)
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('([^/]+)');
  const expression = new RegExp(`^${pattern}/`);
  return uri => {
    const found = expression.exec(uri)?.slice(1);
    const values = found && partitionKeys.map(({ name }) => found[names.indexOf(name)]);
    return values?.every(
      (value, index) => value !== undefined && isProjected(partitionKeys[index]!.name, value, parameters),
    )
      ? (values as string[])
      : undefined;
  };
}

function isProjected(name: string, value: string, parameters: Readonly<Record<string, string>>): boolean {
  const parameter = (suffix: string) => parameters[`projection.${name}.${suffix}`] ?? '';
  switch (parameter('type')) {
    case 'integer': {
      const [from, to] = parameter('range').split(',').map(Number);
      return /^-?\d+$/.test(value) && Number(value) >= from! && Number(value) <= to!;
    }
    case 'enum':
      return parameter('values')
        .split(',')
        .map(each => each.trim())
        .includes(value);
    case 'injected':
      return true;
    default:
      throw new QueryError(
        'INVALID_TABLE_PROPERTY',
        `projection.${name}.type is "${parameter('type')}", expected integer, enum or injected`,
      );
  }
}

/** Athena passes over names that begin with an underscore or a dot. */
function isHidden(uri: string): boolean {
  return /\/[._][^/]*$/.test(uri);
}

function file({ uri, size }: StoredObject, folder: ObjectFolder) {
  return { path: folder.path(uri), size };
}

function typeOf({ name, type }: ColumnDefinition): TrinoType {
  const known = typeOfColumn(type);
  if (!known) throw new QueryError('NOT_SUPPORTED', `column ${name} of type ${type}`);
  if (known.kind === 'array') throw new QueryError('NOT_SUPPORTED', `column ${name} of type ${typeName(known)}`);
  return known;
}
