import type { DataFile, LiveDataFile, PlannedFile } from '../../iceberg/data-file.ts';
import { expireSnapshots, removeOrphanFiles } from '../../iceberg/expire-snapshots.ts';
import { planFiles } from '../../iceberg/plan-files.ts';
import { currentSchema } from '../../iceberg/table-metadata.ts';
import { replaceFiles } from '../../iceberg/write-files.ts';
import { columnsOf, icebergSource } from '../sources/iceberg-source.ts';
import { commitOrFail, queryIdEntry } from './commits.ts';
import type { Execution, Outcome } from './execution.ts';
import type { TableName } from './parsed-statement.ts';
import { openTarget } from './targets.ts';
import { writeTableFiles } from './write-files.ts';

const defaults = { targetBytes: 512 * 1024 * 1024, maxAgeSeconds: 432_000, snapshotsToKeep: 1 };

/** DuckDB writes one file a partition as long as it need not close files in between. */
const partitionsAtOnce = 100;

/** Real time after which a file that no snapshot reads is no longer about to be committed. */
const orphanAgeMs = 10 * 60 * 1000;

/** Runs OPTIMIZE … REWRITE DATA USING BIN_PACK: the small files of each partition become one. Nothing to join, no commit. */
export async function runOptimize(name: TableName, execution: Execution): Promise<Outcome> {
  const target = await openTarget(name, 'rewrite', execution);
  const { table } = target;
  const { properties } = table.metadata;
  const targetBytes = Number(properties.write_target_data_file_size_bytes ?? defaults.targetBytes);
  const smallBelow = Number(properties.optimize_rewrite_min_data_file_size_bytes ?? targetBytes * 0.75);
  const groups = smallFileGroups(await planFiles(table), smallBelow);
  const schema = currentSchema(table.metadata);
  const columns = columnsOf(schema).map((_, index) => `c${index}`);
  const added: DataFile[] = [];
  for (let start = 0; start < groups.length; start += partitionsAtOnce) {
    const files = groups.slice(start, start + partitionsAtOnce).flat();
    const rows = `SELECT ${columns.join(', ')} FROM ${icebergSource(schema, files)}`;
    added.push(...(await writeTableFiles(table, rows, execution)));
  }
  const deleted = groups.flat().map(({ uri }) => uri);
  if (deleted.length > 0) {
    await commitOrFail(target.name, execution, () =>
      replaceFiles(table, { deleted, added }, { [queryIdEntry]: execution.queryId }),
    );
  }
  return {
    type: 'DML',
    subtype: 'OPTIMIZE',
    scannedBytes: groups.flat().reduce((sum, { fileSizeInBytes }) => sum + fileSizeInBytes, 0),
  };
}

/** Files of each partition that are worth joining: two small ones at least. */
function smallFileGroups(files: readonly PlannedFile[], smallBelow: number): PlannedFile[][] {
  const small = files.filter(({ fileSizeInBytes }) => fileSizeInBytes < smallBelow);
  return [...Map.groupBy(small, partitionKey).values()].filter(group => group.length > 1);
}

function partitionKey({ specId, partition }: LiveDataFile): string {
  return JSON.stringify([
    specId,
    ...Object.entries(partition).map(([name, value]) => [name, typeof value, String(value)]),
  ]);
}

/** Runs VACUUM: snapshots beyond the table's retention go, then the files that only they read, then what failed writers left. */
export async function runVacuum(name: TableName, execution: Execution): Promise<Outcome> {
  const target = await openTarget(name, 'rewrite', execution);
  const { properties } = target.table.metadata;
  const maxAgeSeconds = Number(properties.vacuum_max_snapshot_age_seconds ?? defaults.maxAgeSeconds);
  const keepLast = Number(properties.vacuum_min_snapshots_to_keep ?? defaults.snapshotsToKeep);
  const olderThan = execution.nowMs - maxAgeSeconds * 1000;
  const table = await commitOrFail(target.name, execution, () =>
    expireSnapshots(target.table, { olderThan, keepLast }),
  );
  await removeOrphanFiles(table, Date.now() - orphanAgeMs);
  return { type: 'DML', subtype: 'VACUUM' };
}
