import { addColumns } from '../../../local/iceberg/change-schema.ts';
import { TableNotFoundError } from '../../../local/iceberg/errors.ts';
import { expireSnapshots, removeOrphanFiles } from '../../../local/iceberg/expire-snapshots.ts';
import { ObjectFolder } from '../../../local/iceberg/object-folder.ts';
import { planFiles } from '../../../local/iceberg/plan-files.ts';
import { createTable, dropTable, loadTable, type Table } from '../../../local/iceberg/table.ts';
import { appendFiles, overwriteFiles } from '../../../local/iceberg/write-files.ts';
import { newStore, type TestStore } from './copy-rows.ts';
import { createObservations, writeHollowFile } from './observations.ts';

const later = Date.parse('2100-01-01');

const acts: [string, (table: Table) => Promise<unknown>][] = [
  ['an append', async table => appendFiles(table, [await writeHollowFile(table, 'new')])],
  [
    'a rewrite',
    async table => {
      const [first] = await planFiles(table);
      return overwriteFiles(table, { deleted: [first!.uri], added: [await writeHollowFile(table, 'rewritten')] });
    },
  ],
  ['a schema change', table => addColumns(table, [{ name: 'more', type: 'int' }])],
  ['an expiry', table => expireSnapshots(table, { olderThan: later, keepLast: 1 })],
];

test.each(acts)(
  '%s that dies at any of its writes leaves the old state or the new one, and can be done again',
  async (_, act) => {
    for (let writes = 0, died = true; died; writes++) {
      await using store = await newStore();
      const before = await history(store);
      died = await dies(act({ ...before, store: { ...store, folder: new DyingFolder(store.folder.root, writes) } }));
      const after = await loadTable(store, before.location);
      if (after.version === before.version) expect(after).toEqual(before);
      else expect(after.version).toBe(before.version + 1);
      await checkWhole(after);
      if (died && after.version === before.version) await act(after);
      await removeOrphanFiles(after, later);
      await checkWhole(await loadTable(store, before.location));
      expect(await removeOrphanFiles(after, later)).toEqual([]);
    }
  },
);

test('a creation that dies at any of its writes leaves no table or an empty one', async () => {
  const location = 's3://bucket/lake/new';
  for (let writes = 0, died = true; died; writes++) {
    await using store = await newStore();
    const folder = new DyingFolder(store.folder.root, writes);
    died = await dies(createTable({ ...store, folder }, { location, columns: [{ name: 'a', type: 'int' }] }));
    const table = await loadTable(store, location).catch(error => error);
    if (table instanceof Error) expect(table).toBeInstanceOf(TableNotFoundError);
    else expect(await planFiles(table)).toEqual([]);
  }
});

test('a drop that dies anywhere leaves the whole table or none, and can be done again', async () => {
  for (let writes = 0, died = true; died; writes++) {
    await using store = await newStore();
    const { location } = await history(store);
    died = await dies(dropTable({ ...store, folder: new DyingFolder(store.folder.root, writes) }, location));
    const table = await loadTable(store, location).catch(error => error);
    if (table instanceof Error) expect(table).toBeInstanceOf(TableNotFoundError);
    else await checkWhole(table);
    await dropTable(store, location);
    expect(await store.folder.list(location)).toEqual([]);
  }
});

/** A folder whose process is killed: after so many writes, neither this one nor any later one happens. */
class DyingFolder extends ObjectFolder {
  #left: number;

  constructor(root: string, writes: number) {
    super(root);
    this.#left = writes;
  }

  override async write(uri: string, bytes: string | Uint8Array): Promise<void> {
    this.#step();
    await super.write(uri, bytes);
  }

  override async create(uri: string, bytes: string | Uint8Array): Promise<void> {
    this.#step();
    await super.create(uri, bytes);
  }

  /** Also the second half of a write: death before it leaves the temporary file. */
  override async adopt(file: string, uri: string): Promise<void> {
    this.#step();
    await super.adopt(file, uri);
  }

  override async remove(uri: string): Promise<void> {
    this.#step();
    await super.remove(uri);
  }

  override async removeFolder(uri: string): Promise<void> {
    this.#step();
    await super.removeFolder(uri);
  }

  #step(): void {
    if (this.#left-- <= 0) throw new Error('killed');
  }
}

/** Three commits: +a +b, −a, +c. */
async function history(store: TestStore): Promise<Table> {
  const table = await createObservations(store);
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map(name => writeHollowFile(table, name)));
  const first = await appendFiles(table, [a!, b!]);
  const second = await overwriteFiles(first, { deleted: [a!.uri], added: [] });
  return appendFiles(second, [c!]);
}

async function dies(act: Promise<unknown>): Promise<boolean> {
  try {
    await act;
    return false;
  } catch (error) {
    expect(error).toEqual(new Error('killed'));
    return true;
  }
}

/** Every file of every snapshot is there. */
async function checkWhole(table: Table): Promise<void> {
  for (const snapshot of table.metadata.snapshots)
    for (const file of await planFiles(table, snapshot))
      expect(await table.store.folder.size(file.uri)).toBe(file.fileSizeInBytes);
}
