import { TableNotFoundError } from '../iceberg/errors.ts';
import { loadTable, type TableStore } from '../iceberg/table.ts';
import type { Catalog } from './catalog.ts';
import type { Executions } from './executions.ts';
import { queryIdEntry } from './statements/commits.ts';

/** Decides what became of queries that a crash found running: whoever finds his id in a table's snapshots has committed and succeeded. */
export async function settleInterrupted({
  executions,
  catalog,
  store,
  now,
}: {
  executions: Executions;
  catalog: Catalog;
  store: TableStore;
  now(): number;
}): Promise<void> {
  const unfinished = executions.unfinished();
  if (unfinished.length === 0) return;
  const committed = await committedQueries(catalog, store);
  for (const record of unfinished) {
    await executions.put(
      committed.has(record.id)
        ? { ...record, state: 'SUCCEEDED', type: 'DML', completedAt: now() }
        : {
            ...record,
            state: 'FAILED',
            reason: 'GENERIC_INTERNAL_ERROR: The query was interrupted and has changed nothing',
            completedAt: now(),
          },
    );
  }
}

async function committedQueries(catalog: Catalog, store: TableStore): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const database of catalog.databases) {
    for (const { kind, location } of await catalog.list(database)) {
      if (kind !== 'iceberg') continue;
      const table = await loadTable(store, location).catch((error: unknown) => {
        if (error instanceof TableNotFoundError) return undefined;
        throw error;
      });
      for (const { summary } of table?.metadata.snapshots ?? [])
        if (summary[queryIdEntry]) ids.add(summary[queryIdEntry]);
    }
  }
  return ids;
}
