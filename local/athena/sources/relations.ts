import { SnapshotNotFoundError, TableNotFoundError } from '../../iceberg/errors.ts';
import { planFiles } from '../../iceberg/plan-files.ts';
import { loadTable, type Table } from '../../iceberg/table.ts';
import {
  currentSchema,
  currentSnapshot,
  type Snapshot,
  schemaOfSnapshot,
  snapshotAsOf,
  snapshotById,
} from '../../iceberg/table-metadata.ts';
import { requireObjects, requireTable } from '../access.ts';
import type { CatalogTable } from '../catalog.ts';
import { QueryError } from '../query-error.ts';
import type { RelationSource, Statement, TableReference } from '../sql/statement.ts';
import { collectReferences, referenceKey } from '../sql/table-references.ts';
import type { Execution } from '../statements/execution.ts';
import { externalSource, listPartitionFiles } from './external-source.ts';
import { columnsOf, icebergSource } from './iceberg-source.ts';
import { isMetadataTable, metadataSource } from './metadata-source.ts';

/** Code of the error by which a statement ends that would read more than its workgroup allows. */
export const bytesLimitCode = 'BYTES_SCANNED_LIMIT';

/** The relations of a statement, loaded. */
export interface Relations {
  readonly relation: Statement['relation'];
  /** Bytes of the files that the translated statement reads. */
  scannedBytes(): number;
}

/** A loaded relation: constants that its columns are compared with may leave out partitions. */
type Loaded = (equalities: ReadonlyMap<string, string>) => RelationSource;

/** Loads every table that a tree names, as far as it exists and the caller may read it. @throws {ServiceError} `AccessDeniedException` */
export async function loadRelations(tree: unknown, execution: Execution): Promise<Relations> {
  const references = collectReferences(tree, execution.database);
  const loaded = new Map<string, Loaded>();
  for (const reference of references) {
    const relation = await loadRelation(reference, execution);
    if (relation) loaded.set(referenceKey(reference), relation);
  }
  let scannedBytes = 0;
  return {
    scannedBytes: () => scannedBytes,
    relation(reference, equalities, position) {
      const source = loaded.get(referenceKey(reference))?.(equalities);
      if (source) {
        scannedBytes += source.bytes;
        refuseAbove(execution.bytesScannedCutoff, scannedBytes);
        return source;
      }
      const { database, name } = reference;
      const known = execution.catalog.databases.includes(database);
      throw known
        ? new QueryError('TABLE_NOT_FOUND', `Table 'awsdatacatalog.${database}.${name}' does not exist`, position)
        : new QueryError('SCHEMA_NOT_FOUND', `Schema '${database}' does not exist`, position);
    },
  };
}

function refuseAbove(cutoff: number | undefined, bytes: number): void {
  if (cutoff !== undefined && bytes > cutoff) throw new QueryError(bytesLimitCode, 'Bytes scanned limit was exceeded');
}

async function loadRelation(reference: TableReference, execution: Execution): Promise<Loaded | undefined> {
  const [name, suffix] = reference.name.split('$') as [string, string?];
  const entry = await execution.catalog.find(reference.database, name);
  if (!entry) return undefined;
  requireTable(execution.caller, 'read', reference.database, name);
  requireObjects(execution.caller, 'read', entry.location);
  if (entry.kind === 'external') return suffix ? undefined : loadExternal(entry, reference, execution);
  if (suffix !== undefined) return loadMetadata(entry, suffix, reference, execution);
  return loadIceberg(await openTable(entry, execution), reference);
}

/** Loads an Iceberg table's current state. @throws {QueryError} when its files are gone */
export async function openTable(entry: CatalogTable, { store }: Pick<Execution, 'store'>): Promise<Table> {
  try {
    return await loadTable(store, entry.location);
  } catch (error) {
    if (!(error instanceof TableNotFoundError)) throw error;
    throw new QueryError(
      'ICEBERG_MISSING_METADATA',
      `Metadata not found in metadata location for table ${entry.database}.${entry.name}`,
    );
  }
}

async function loadIceberg(table: Table, reference: TableReference): Promise<Loaded> {
  const snapshot = chooseSnapshot(table, reference);
  const files = await planFiles(table, snapshot);
  const schema =
    reference.version && snapshot ? schemaOfSnapshot(table.metadata, snapshot) : currentSchema(table.metadata);
  const bytes = files.reduce((sum, { fileSizeInBytes }) => sum + fileSizeInBytes, 0);
  return () => ({ columns: columnsOf(schema), sql: icebergSource(schema, files), bytes });
}

function chooseSnapshot({ metadata }: Table, { name, version }: TableReference): Snapshot | undefined {
  if (!version) return currentSnapshot(metadata);
  try {
    return 'snapshotId' in version
      ? snapshotById(metadata, version.snapshotId)
      : snapshotAsOf(metadata, version.asOfMs);
  } catch (error) {
    if (!(error instanceof SnapshotNotFoundError)) throw error;
    const detail =
      'snapshotId' in version
        ? `Iceberg snapshot ID does not exists: ${version.snapshotId}`
        : `No version history table ${name} at or before ${new Date(version.asOfMs).toISOString()}`;
    throw new QueryError('INVALID_ARGUMENTS', detail);
  }
}

async function loadMetadata(
  entry: CatalogTable,
  suffix: string,
  reference: TableReference,
  execution: Execution,
): Promise<Loaded | undefined> {
  if (!isMetadataTable(suffix)) return undefined;
  if (reference.version)
    throw new QueryError(
      'NOT_SUPPORTED',
      `Metadata table ${reference.name} at a version: it describes the current state`,
    );
  const source = await metadataSource(suffix, await openTable(entry, execution));
  return () => source;
}

async function loadExternal(entry: CatalogTable, reference: TableReference, { store }: Execution): Promise<Loaded> {
  if (reference.version)
    throw new QueryError('NOT_SUPPORTED', `Table ${reference.name} has no versions: it is no Iceberg table`);
  const partitions = await listPartitionFiles(entry, store.folder);
  return equalities => externalSource(entry, partitions, equalities);
}
