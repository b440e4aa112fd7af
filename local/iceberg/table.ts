import { randomUUID } from 'node:crypto';
import { toIcebergType } from './column-type.ts';
import { InvalidSchemaError, TableExistsError, TableNotFoundError } from './errors.ts';
import { parseExactJson, printExactJson } from './exact-json.ts';
import { ObjectExistsError, type ObjectFolder } from './object-folder.ts';
import { parsePartitioning } from './partitioning.ts';
import { noSnapshot, type Schema, type TableMetadata } from './table-metadata.ts';

/** Where tables are kept, and the time their commits carry. */
export interface TableStore {
  readonly folder: ObjectFolder;
  /** Domain time in epoch milliseconds. */
  now(): number;
}

/** A table as of one commit. It never changes: whatever commits returns the next one. */
export interface Table {
  readonly store: TableStore;
  /** `s3://bucket/prefix` without a slash at the end. */
  readonly location: string;
  /** The N of `v<N>.metadata.json`, 1 at creation. */
  readonly version: number;
  /** Of the metadata file: what Glue calls `metadata_location`. */
  readonly metadataUri: string;
  readonly metadata: TableMetadata;
}

export interface ColumnDefinition {
  /** Kept in lower case, as Athena does. */
  readonly name: string;
  /** As in Athena's DDL: `string`, `bigint`, `decimal(10,2)` … */
  readonly type: string;
  readonly comment?: string;
}

export interface TableDefinition {
  readonly location: string;
  readonly columns: readonly ColumnDefinition[];
  /** Terms of `PARTITIONED BY`. @default - unpartitioned */
  readonly partitionedBy?: readonly string[];
  /** Kept in the metadata as they are. */
  readonly properties?: Readonly<Record<string, string>>;
}

/**
 * Creates an empty table, which has no snapshot yet.
 *
 * @throws {TableExistsError} when one lies there, and to all but one of those who create it at once
 * @throws {InvalidSchemaError}
 */
export async function createTable(store: TableStore, definition: TableDefinition): Promise<Table> {
  const location = withoutSlash(definition.location);
  const metadata = firstMetadata({ ...definition, location }, store.now());
  if ((await latestVersion(store, location)) !== undefined) throw new TableExistsError(location);
  try {
    await store.folder.create(metadataUri(location, 1), printExactJson(metadata));
  } catch (error) {
    if (error instanceof ObjectExistsError) throw new TableExistsError(location, { cause: error });
    throw error;
  }
  await writeVersionHint(store, location, 1);
  return { store, location, version: 1, metadataUri: metadataUri(location, 1), metadata };
}

/**
 * Loads the latest committed state.
 *
 * @throws {TableNotFoundError}
 */
export async function loadTable(store: TableStore, location: string): Promise<Table> {
  const place = withoutSlash(location);
  const version = await latestVersion(store, place);
  const uri = version === undefined ? undefined : metadataUri(place, version);
  const bytes = uri && (await store.folder.read(uri));
  if (version === undefined || !uri || !bytes) throw new TableNotFoundError(place);
  const metadata = parseExactJson(bytes.toString()) as TableMetadata;
  return { store, location: place, version, metadataUri: uri, metadata };
}

/**
 * Removes a table with its data. No table there is fine, so that a drop which was cut short can be done again.
 *
 * The latest metadata goes last of all metadata: until then the table is there as it was.
 */
export async function dropTable(store: TableStore, location: string): Promise<void> {
  const place = withoutSlash(location);
  await store.folder.remove(hintUri(place));
  for (const version of await listVersions(store, place)) await store.folder.remove(metadataUri(place, version));
  await store.folder.removeFolder(place);
}

/** Address of the metadata file of a version. */
export function metadataUri(location: string, version: number): string {
  return `${location}/metadata/v${version}.metadata.json`;
}

/** Tells readers where to start looking. It may lag or be lost: they probe forward, so a failure here undoes no commit. */
export async function writeVersionHint(store: TableStore, location: string, version: number): Promise<void> {
  await store.folder.write(hintUri(location), `${version}`).catch(() => undefined);
}

function firstMetadata(definition: TableDefinition, now: number): TableMetadata {
  const schema = firstSchema(definition.columns);
  const spec = parsePartitioning(definition.partitionedBy ?? [], schema);
  return {
    'format-version': 2,
    'table-uuid': randomUUID(),
    location: definition.location,
    'last-sequence-number': 0,
    'last-updated-ms': now,
    'last-column-id': schema.fields.length,
    schemas: [schema],
    'current-schema-id': 0,
    'partition-specs': [spec],
    'default-spec-id': 0,
    'last-partition-id': spec.fields.at(-1)?.['field-id'] ?? 999,
    'sort-orders': [{ 'order-id': 0, fields: [] }],
    'default-sort-order-id': 0,
    properties: definition.properties ?? {},
    'current-snapshot-id': noSnapshot,
    refs: {},
    snapshots: [],
    'snapshot-log': [],
    'metadata-log': [],
  };
}

function firstSchema(columns: readonly ColumnDefinition[]): Schema {
  if (columns.length === 0) throw new InvalidSchemaError('A table must have a column');
  const names = columns.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new InvalidSchemaError(`Column "${twice}" is given twice`);
  return {
    type: 'struct',
    'schema-id': 0,
    fields: columns.map(({ type, comment }, index) => ({
      id: index + 1,
      name: names[index]!,
      required: false,
      type: toIcebergType(type),
      ...(comment && { doc: comment }),
    })),
  };
}

async function latestVersion(store: TableStore, location: string): Promise<number | undefined> {
  const hint = Number((await store.folder.read(hintUri(location)))?.toString());
  const known = hint >= 1 && (await store.folder.exists(metadataUri(location, hint)));
  let version = known ? hint : (await listVersions(store, location)).at(-1);
  if (version === undefined) return undefined;
  while (await store.folder.exists(metadataUri(location, version + 1))) version += 1;
  return version;
}

async function listVersions(store: TableStore, location: string): Promise<number[]> {
  const objects = await store.folder.list(`${location}/metadata`);
  const versions = objects.map(({ uri }) => Number(/\/v(\d+)\.metadata\.json$/.exec(uri)?.[1]));
  return versions.filter(version => version >= 1).sort((a, b) => a - b);
}

function hintUri(location: string): string {
  return `${location}/metadata/version-hint.text`;
}

function withoutSlash(location: string): string {
  return location.replace(/\/+$/, '');
}
