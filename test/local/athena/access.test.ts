import type { Caller } from '../../../local/service.ts';
import { ServiceError } from '../../../local/service.ts';
import { type OpenAthena, openAthena } from './open-athena.ts';

let athena: OpenAthena;

beforeAll(async () => {
  athena = await openAthena();
  await athena.rows(`CREATE TABLE t (id bigint) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')`);
  await athena.rows('INSERT INTO t VALUES (1)');
});

afterAll(() => athena.close());

/** A caller who may do all but one action, and a record of what was asked. */
function callerWithout(denied: string): Caller & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    principal: 'arn:aws:iam::000000000000:role/some',
    asked,
    require(action, resource) {
      asked.push(`${action} ${resource}`);
      if (action === denied)
        throw new ServiceError(
          'AccessDeniedException',
          `some is not authorized to perform: ${action} on resource: ${resource}`,
        );
    },
  };
}

describe('A caller', () => {
  test('who may not start queries in the workgroup is refused at once.', async () => {
    const start = athena.start('SELECT 1', { caller: callerWithout('athena:StartQueryExecution') });
    await expect(start).rejects.toThrow(
      'athena:StartQueryExecution on resource: arn:aws:athena:us-east-1:000000000000:workgroup/wg',
    );
  });

  test.each([
    ['SELECT * FROM t', 'glue:GetTable', 'arn:aws:glue:us-east-1:000000000000:catalog'],
    ['SELECT * FROM t', 's3:GetObject', 'arn:aws:s3:::lake/t/*'],
    ['SELECT 1', 's3:PutObject', 'arn:aws:s3:::lake/athena/*'],
    ['INSERT INTO t VALUES (1)', 'glue:UpdateTable', 'arn:aws:glue:us-east-1:000000000000:catalog'],
    ['INSERT INTO t SELECT * FROM t', 's3:GetObject', 'arn:aws:s3:::lake/t/*'],
    ['DELETE FROM t', 's3:DeleteObject', 'arn:aws:s3:::lake/t/*'],
    ['VACUUM t', 's3:DeleteObject', 'arn:aws:s3:::lake/t/*'],
    ['DROP TABLE t', 'glue:DeleteTable', 'arn:aws:glue:us-east-1:000000000000:catalog'],
    [
      `CREATE TABLE u (id int) LOCATION 's3://lake/u/' TBLPROPERTIES ('table_type' = 'ICEBERG')`,
      'glue:CreateTable',
      'arn:aws:glue:us-east-1:000000000000:catalog',
    ],
    ['SELECT * FROM "t$snapshots"', 's3:GetObject', 'arn:aws:s3:::lake/t/*'],
    [
      `UNLOAD (SELECT 1 AS n) TO 's3://lake/out/' WITH (format = 'PARQUET')`,
      's3:PutObject',
      'arn:aws:s3:::lake/athena/*',
    ],
  ])('whose %s lacks %s ends in a failed query that says so.', async (sql, action, resource) => {
    const ended = await athena.run(sql, { caller: callerWithout(action) });
    expect(ended.state).toBe('FAILED');
    expect(ended.reason).toMatch('Insufficient permissions to execute the query.');
    expect(ended.reason).toMatch(`${action} on resource: ${resource}`);
    expect(await athena.rows('SELECT id FROM t')).toEqual([['1']]);
  });

  test('needs Glue permissions on the catalog, the database and the table.', async () => {
    const caller = callerWithout('');
    await athena.run('SELECT * FROM t', { caller });
    for (const resource of ['catalog', 'database/db', 'table/db/t']) {
      expect(caller.asked).toContain(`glue:GetTable arn:aws:glue:us-east-1:000000000000:${resource}`);
    }
  });
});

test('A query that would read more than its workgroup allows is cancelled.', async () => {
  const limited = await openAthena({
    workgroups: [{ name: 'wg', outputLocation: 's3://lake/athena', bytesScannedCutoff: 10 }],
  });
  try {
    await limited.rows(`CREATE TABLE t (id bigint) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')`);
    await limited.rows('INSERT INTO t VALUES (1)');
    expect(await limited.run('SELECT * FROM t')).toMatchObject({
      state: 'CANCELLED',
      reason: 'Bytes scanned limit was exceeded',
    });
  } finally {
    await limited.close();
  }
});
