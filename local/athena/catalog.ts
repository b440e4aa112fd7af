import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ColumnDefinition } from '../iceberg/table.ts';
import { takeTurns } from '../take-turns.ts';

/** What the Glue catalog knows of a table. An Iceberg table's columns are in its own metadata. */
export interface CatalogTable {
  readonly database: string;
  readonly name: string;
  readonly kind: 'iceberg' | 'external';
  /** `s3://bucket/prefix` without a slash at the end. */
  readonly location: string;
  /** Of an external table, without the partition keys. */
  readonly columns: readonly ColumnDefinition[];
  readonly partitionKeys: readonly ColumnDefinition[];
  /** TBLPROPERTIES of an external table. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Epoch milliseconds of domain time. */
  readonly createdAt: number;
}

/** The tables of the databases, one small JSON file each. */
export interface Catalog {
  readonly databases: readonly string[];
  find(database: string, name: string): Promise<CatalogTable | undefined>;
  /** All tables of a database, by name. */
  list(database: string): Promise<CatalogTable[]>;
  put(table: CatalogTable): Promise<void>;
  remove(database: string, name: string): Promise<void>;
  /** Runs creations of one table one after the other. */
  inTurn<Result>(database: string, name: string, create: () => Promise<Result>): Promise<Result>;
}

/** Opens the catalog in a folder. */
export function openCatalog({ folder, databases }: { folder: string; databases: readonly string[] }): Catalog {
  const fileOf = (database: string, name: string) =>
    join(folder, encodeURIComponent(database), `${encodeURIComponent(name)}.json`);
  const inTurn = takeTurns();

  return {
    databases: databases.map(database => database.toLowerCase()),
    find: (database, name) => readTable(fileOf(database, name)),
    async list(database) {
      const names = await readdir(join(folder, encodeURIComponent(database))).catch(absent<string[]>);
      const files = (names ?? []).filter(name => name.endsWith('.json')).sort();
      const tables = await Promise.all(files.map(name => readTable(join(folder, encodeURIComponent(database), name))));
      return tables.filter(table => table !== undefined);
    },
    async put(table) {
      const file = fileOf(table.database, table.name);
      const temporary = `${file}.${randomUUID()}.tmp`;
      await mkdir(join(folder, encodeURIComponent(table.database)), { recursive: true });
      await writeFile(temporary, JSON.stringify(table, null, 2));
      await rename(temporary, file);
    },
    remove: (database, name) => rm(fileOf(database, name), { force: true }),
    inTurn: (database, name, create) => inTurn(fileOf(database, name), create),
  };
}

async function readTable(file: string): Promise<CatalogTable | undefined> {
  const text = await readFile(file, 'utf8').catch(absent<string>);
  return text === undefined ? undefined : (JSON.parse(text) as CatalogTable);
}

function absent<T>(error: NodeJS.ErrnoException): T | undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
