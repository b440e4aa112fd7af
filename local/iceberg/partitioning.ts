import { InvalidSchemaError } from './errors.ts';
import type { IcebergType, PartitionField, PartitionSpec, Schema, SchemaField } from './table-metadata.ts';

/** The Iceberg type of a partition value. */
export type PartitionType = 'int' | 'long' | 'date' | 'timestamp' | 'string' | 'boolean';

/** A partition field with what a writer needs to compute its values. */
export interface PartitionColumn {
  /** `event_time_month`: the key in `DataFile.partition`, and the name of the folder. */
  readonly name: string;
  readonly fieldId: number;
  /** The column that the value comes from, by its present name. */
  readonly source: SchemaField;
  /** `year`: years since 1970, `month`: months since 1970-01, `day`: the date, `hour`: hours since 1970; `bucket`: a murmur3 hash modulo the width. */
  readonly transform: 'identity' | 'year' | 'month' | 'day' | 'hour' | 'bucket' | 'truncate';
  /** Of `bucket` and `truncate`, else undefined. */
  readonly width: number | undefined;
  readonly type: PartitionType;
}

const firstFieldId = 1000;

const timeTypes: readonly IcebergType[] = ['date', 'timestamp'];
const identityTypes: readonly IcebergType[] = ['int', 'long', 'date', 'timestamp', 'string', 'boolean'];
const sourceTypes: Readonly<Record<PartitionColumn['transform'], readonly IcebergType[]>> = {
  identity: identityTypes,
  year: timeTypes,
  month: timeTypes,
  day: timeTypes,
  hour: ['timestamp'],
  bucket: ['int', 'long', 'date', 'timestamp', 'string'],
  truncate: ['int', 'long', 'string'],
};
const suffixes = { identity: '', year: '_year', month: '_month', day: '_day', hour: '_hour' } as const;

/**
 * Reads the terms of `PARTITIONED BY`: `col`, `month(ts)`, `bucket(16, id)`, `truncate(col, 4)`; either order of width and column is taken.
 *
 * @throws {InvalidSchemaError} for an unknown transform or column, a type that the transform can't take, or the same partition twice
 */
export function parsePartitioning(terms: readonly string[], schema: Schema): PartitionSpec {
  const fields = terms.map((term, index) => parseTerm(term, firstFieldId + index, schema));
  const names = fields.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new InvalidSchemaError(`Partition "${twice}" is given twice`);
  return { 'spec-id': 0, fields };
}

/** Joins a partition spec with the columns that its values come from. */
export function partitionColumns(spec: PartitionSpec, schema: Pick<Schema, 'fields'>): PartitionColumn[] {
  return spec.fields.map(field => {
    const source = schema.fields.find(({ id }) => id === field['source-id']);
    if (!source) throw new InvalidSchemaError(`Partition "${field.name}" comes from no column of the schema`);
    const { transform, width } = parseTransform(field.transform);
    return {
      name: field.name,
      fieldId: field['field-id'],
      source,
      transform,
      width,
      type: resultType(transform, source.type),
    };
  });
}

function parseTerm(term: string, fieldId: number, schema: Schema): PartitionField {
  const { transform, column, width } = splitTerm(term);
  const source = schema.fields.find(({ name }) => name === column);
  if (!source) throw new InvalidSchemaError(`Partition "${term}": the table has no column "${column}"`);
  if (!sourceTypes[transform].includes(source.type))
    throw new InvalidSchemaError(
      `Partition "${term}": column is ${source.type}, ${transform} takes ${sourceTypes[transform].join(', ')}`,
    );
  const name = fieldName(column, transform);
  // Manifests hold partition values in a record whose fields are named so.
  if (!/^[a-z_]\w*$/.test(name)) throw new InvalidSchemaError(`Partition "${term}": "${name}" is no Avro name`);
  if (transform !== 'identity' && schema.fields.some(other => other.name === name))
    throw new InvalidSchemaError(`Partition "${term}" would be named "${name}", as a column is`);
  return {
    'source-id': source.id,
    'field-id': fieldId,
    name,
    transform: width === undefined ? transform : `${transform}[${width}]`,
  };
}

function splitTerm(term: string): { transform: PartitionColumn['transform']; column: string; width?: number } {
  const [, transform, first, second] =
    /^\s*(\w+)\s*\(\s*(\w+)\s*(?:,\s*(\w+)\s*)?\)\s*$/.exec(term.toLowerCase()) ?? [];
  if (!transform || !first) return { transform: 'identity', column: term.trim().toLowerCase() };
  if (!isTransform(transform) || transform === 'identity')
    throw new InvalidSchemaError(
      `Partition "${term}": expected a column, year, month, day, hour, bucket(n, column) or truncate(column, n)`,
    );
  const takesWidth = transform === 'bucket' || transform === 'truncate';
  if (takesWidth !== (second !== undefined))
    throw new InvalidSchemaError(
      `Partition "${term}": ${transform} takes ${takesWidth ? 'a column and a width' : 'a column alone'}`,
    );
  if (second === undefined) return { transform, column: first };
  const [width, column] = /^\d+$/.test(first) ? [Number(first), second] : [Number(second), first];
  if (!(width >= 1 && width < 2 ** 31)) throw new InvalidSchemaError(`Partition "${term}": width must be in [1, 2^31)`);
  return { transform, column, width };
}

function fieldName(column: string, transform: PartitionColumn['transform']): string {
  if (transform === 'bucket') return `${column}_bucket`;
  return transform === 'truncate' ? `${column}_trunc` : `${column}${suffixes[transform]}`;
}

function parseTransform(text: string): { transform: PartitionColumn['transform']; width: number | undefined } {
  const [, transform, width] = /^(\w+)(?:\[(\d+)\])?$/.exec(text) ?? [];
  if (transform === undefined || !isTransform(transform))
    throw new InvalidSchemaError(`Partition transform "${text}" is not supported`);
  return { transform, width: width === undefined ? undefined : Number(width) };
}

function isTransform(name: string): name is PartitionColumn['transform'] {
  return Object.hasOwn(sourceTypes, name);
}

function resultType(transform: PartitionColumn['transform'], source: IcebergType): PartitionType {
  if (transform === 'day') return 'date';
  if (transform === 'identity' || transform === 'truncate') return source as PartitionType;
  return 'int';
}
