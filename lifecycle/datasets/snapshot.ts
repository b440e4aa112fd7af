import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Snapshot } from './manifest.ts';
import { readTimestamp, sqlName } from './sql-literal.ts';

/** Reads the snapshot that a table is at, or undefined when nothing was ever committed. */
export async function readCurrentSnapshot(athena: Athena, table: string): Promise<Snapshot | undefined> {
  const [row] = await athena.query(
    `SELECT snapshot_id, parent_id, made_current_at FROM ${sqlName(`${table}$history`)} ORDER BY made_current_at DESC LIMIT 1`,
  );
  if (!row) return undefined;
  return {
    snapshotId: row.snapshot_id!,
    parentSnapshotId: row.parent_id ?? null,
    committedAt: readTimestamp(row.made_current_at!),
  };
}

/** Reads the identity of an Iceberg table, which it keeps for life, from any of its metadata files. */
export async function readTableUuid(objects: Objects, tablePrefix: string): Promise<string> {
  const files = await objects.list(`${tablePrefix}metadata/`);
  const { key } = files.findLast(file => file.key.endsWith('.metadata.json'))!;
  const metadata = await objects.readJson<{ 'table-uuid': string }>(key);
  return metadata['table-uuid'];
}
