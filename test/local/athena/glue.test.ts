import { createGlue } from '../../../local/athena/glue.ts';
import { allPowerful } from '../../embedded-services.ts';
import { type OpenAthena, openAthena } from './open-athena.ts';

let athena: OpenAthena;

beforeAll(async () => {
  athena = await openAthena();
  await athena.rows(
    `CREATE TABLE t (id bigint COMMENT 'the key', name string) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')`,
  );
  await athena.rows(
    `CREATE EXTERNAL TABLE s (id bigint) PARTITIONED BY (batch int) STORED AS PARQUET LOCATION 's3://lake/s/'`,
  );
});

afterAll(() => athena.close());

function call(action: string, input: object): Promise<object> {
  const glue = createGlue({ s3Root: `${athena.folder}/s3`, stateFolder: athena.folder, databases: ['db'] });
  return glue.handle(action, { ...input }, allPowerful);
}

describe('Glue', () => {
  test('describes an Iceberg table by its columns and where its metadata is, which a commit moves.', async () => {
    const metadataLocation = async () => {
      const { Table } = (await call('GetTable', { DatabaseName: 'db', Name: 't' })) as {
        Table: { Parameters: Record<string, string> };
      };
      return Table.Parameters.metadata_location;
    };
    expect(await call('GetTable', { DatabaseName: 'DB', Name: 'T' })).toMatchObject({
      Table: {
        Name: 't',
        DatabaseName: 'db',
        Parameters: { table_type: 'ICEBERG' },
        StorageDescriptor: {
          Location: 's3://lake/t',
          Columns: [
            { Name: 'id', Type: 'bigint', Comment: 'the key' },
            { Name: 'name', Type: 'string' },
          ],
        },
      },
    });
    expect(await metadataLocation()).toBe('s3://lake/t/metadata/v1.metadata.json');
    await athena.rows(`INSERT INTO t VALUES (1, 'x')`);
    expect(await metadataLocation()).toBe('s3://lake/t/metadata/v2.metadata.json');
  });

  test('describes an external table with its partition keys, and lists tables and databases.', async () => {
    expect(await call('GetTable', { DatabaseName: 'db', Name: 's' })).toMatchObject({
      Table: { PartitionKeys: [{ Name: 'batch', Type: 'int' }], StorageDescriptor: { Columns: [{ Name: 'id' }] } },
    });
    expect(await call('GetTables', { DatabaseName: 'db', Expression: 's|x' })).toMatchObject({
      TableList: [{ Name: 's' }],
    });
    expect(await call('GetDatabases', {})).toMatchObject({ DatabaseList: [{ Name: 'db' }] });
  });

  test('knows no table and no database that is not there.', async () => {
    await expect(call('GetTable', { DatabaseName: 'db', Name: 'absent' })).rejects.toMatchObject({
      code: 'EntityNotFoundException',
    });
    await expect(call('GetDatabase', { Name: 'absent' })).rejects.toMatchObject({ code: 'EntityNotFoundException' });
  });
});
