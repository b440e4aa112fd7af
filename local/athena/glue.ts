import { toAthenaType } from '../iceberg/column-type.ts';
import { ObjectFolder } from '../iceberg/object-folder.ts';
import { loadTable, type TableStore } from '../iceberg/table.ts';
import { currentSchema } from '../iceberg/table-metadata.ts';
import { type Caller, type JsonService, localAccount, ServiceError } from '../service.ts';
import { requireInCatalog } from './access.ts';
import { type CatalogTable, openCatalog } from './catalog.ts';
import { catalogFolder } from './state.ts';

export interface GlueOptions {
  /** Folder of the S3 objects. */
  readonly s3Root: string;
  /** The folder that Athena has for its state: its statements make the tables. */
  readonly stateFolder: string;
  readonly databases: readonly string[];
}

/** Makes the reading half of the Glue catalog; tables are made by Athena's statements. */
export function createGlue({ s3Root, stateFolder, databases }: GlueOptions): JsonService {
  const catalog = openCatalog({ folder: catalogFolder(stateFolder), databases });
  const store: TableStore = { folder: new ObjectFolder(s3Root), now: Date.now };

  type Input = Readonly<Record<string, unknown>>;

  function database({ DatabaseName, Name }: Input): string {
    const name = String(DatabaseName ?? Name).toLowerCase();
    if (!catalog.databases.includes(name))
      throw new ServiceError('EntityNotFoundException', `Database ${name} not found.`);
    return name;
  }

  const actions: Readonly<Record<string, (input: Input, caller: Caller) => Promise<object>>> = {
    async GetDatabase(input, caller) {
      requireInCatalog(caller, 'glue:GetDatabase', String(input.Name).toLowerCase());
      return { Database: describeDatabase(database(input)) };
    },
    async GetDatabases(_, caller) {
      requireInCatalog(caller, 'glue:GetDatabases');
      return { DatabaseList: catalog.databases.map(describeDatabase) };
    },
    async GetTable(input, caller) {
      const name = String(input.Name).toLowerCase();
      const within = String(input.DatabaseName).toLowerCase();
      requireInCatalog(caller, 'glue:GetTable', within, name);
      const entry = await catalog.find(database({ DatabaseName: within }), name);
      if (!entry) throw new ServiceError('EntityNotFoundException', `Entity Not Found: table ${within}.${name}`);
      return { Table: await describeTable(entry, store) };
    },
    async GetTables(input, caller) {
      const within = database({ DatabaseName: input.DatabaseName });
      requireInCatalog(caller, 'glue:GetTables', within);
      const pattern = new RegExp(`^(?:${input.Expression ?? '.*'})$`);
      const entries = (await catalog.list(within)).filter(({ name }) => pattern.test(name));
      return { TableList: await Promise.all(entries.map(entry => describeTable(entry, store))) };
    },
    async GetPartitions(input, caller) {
      requireInCatalog(
        caller,
        'glue:GetPartitions',
        database({ DatabaseName: input.DatabaseName }),
        String(input.TableName).toLowerCase(),
      );
      // Projected and Iceberg partitions are not in the catalog, there or here.
      return { Partitions: [] };
    },
  };

  return {
    async handle(action, input, caller) {
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!act)
        throw new ServiceError(
          'InvalidInputException',
          `The embedded Glue has no action ${action}, it has ${Object.keys(actions).join(', ')}`,
        );
      return act(input, caller);
    },
    stop: async () => {},
  };
}

function describeDatabase(name: string): object {
  return { Name: name, CatalogId: localAccount, Parameters: {} };
}

async function describeTable(entry: CatalogTable, store: TableStore): Promise<object> {
  const { columns, parameters } =
    entry.kind === 'iceberg'
      ? await describeIceberg(entry, store)
      : { columns: entry.columns, parameters: { ...entry.parameters, EXTERNAL: 'TRUE' } };
  const glueColumn = ({ name, type, comment }: { name: string; type: string; comment?: string }) => ({
    Name: name,
    Type: type,
    Comment: comment,
  });
  return {
    Name: entry.name,
    DatabaseName: entry.database,
    CatalogId: localAccount,
    CreateTime: entry.createdAt / 1000,
    UpdateTime: entry.createdAt / 1000,
    TableType: 'EXTERNAL_TABLE',
    Parameters: parameters,
    PartitionKeys: entry.partitionKeys.map(glueColumn),
    StorageDescriptor: { Columns: columns.map(glueColumn), Location: entry.location },
  };
}

async function describeIceberg({ location }: CatalogTable, store: TableStore) {
  const { metadata, metadataUri } = await loadTable(store, location);
  const columns = currentSchema(metadata).fields.map(({ name, type, doc }) => ({
    name,
    type: toAthenaType(type),
    comment: doc,
  }));
  return { columns, parameters: { table_type: 'ICEBERG', metadata_location: metadataUri } };
}
