import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type OpenAthena, openAthena } from './open-athena.ts';

const token = 'token-of-an-attempt-of-a-statement';

/** Makes a record say that its query runs still, as a crash leaves it. */
async function interrupt({ folder }: OpenAthena, id: string): Promise<void> {
  const file = join(folder, 'athena', 'executions', `${id}.json`);
  const { completedAt, reason, type, subtype, ...record } = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...record, state: 'RUNNING' }));
}

describe('After a crash', () => {
  let athena: OpenAthena;
  let folder: string;

  beforeEach(async () => {
    athena = await openAthena();
    folder = athena.folder;
    await athena.rows(`CREATE TABLE t (id bigint) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')`);
  });

  afterEach(() => athena.close());

  async function restart(): Promise<void> {
    await athena.athena.stop();
    athena = await openAthena({ stateFolder: folder });
  }

  test('a query that had committed has succeeded, and its token still stands for it.', async () => {
    const id = await athena.start('INSERT INTO t VALUES (1)', { token });
    await athena.end(id);
    await interrupt(athena, id);
    await restart();
    expect(await athena.end(id)).toMatchObject({ state: 'SUCCEEDED' });
    expect(await athena.start('INSERT INTO t VALUES (1)', { token })).toBe(id);
    expect(await athena.rows('SELECT count(*) FROM t')).toEqual([['1']]);
  });

  test('a query that had not committed has failed and stays failed for its token; the tables are as they were.', async () => {
    const id = await athena.start('INSERT INTO t SELECT 1 WHERE 1 = 2', { token });
    await athena.end(id);
    await interrupt(athena, id);
    await restart();
    expect(await athena.end(id)).toMatchObject({ state: 'FAILED' });
    expect(await athena.start('INSERT INTO t SELECT 1 WHERE 1 = 2', { token })).toBe(id);
    expect(await athena.rows('SELECT count(*) FROM t')).toEqual([['0']]);
  });

  test('results of earlier queries are there, and so are the tables.', async () => {
    await athena.rows('INSERT INTO t VALUES (1), (2)');
    const { id } = await athena.run('SELECT id FROM t ORDER BY id');
    await restart();
    expect((await athena.end(id)).rows).toEqual([['1'], ['2']]);
    expect(await athena.rows('SELECT count(*) FROM t')).toEqual([['2']]);
  });

  test('a table whose creation was cut short before the catalog knew it can be created.', async () => {
    await athena.rows('DROP TABLE t');
    const create = `CREATE TABLE t (id bigint) LOCATION 's3://lake/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')`;
    await athena.rows(create);
    await rm(join(folder, 'glue', 'db', 't.json'));
    await athena.rows(create);
    await athena.rows('INSERT INTO t VALUES (1)');
    expect(await athena.rows('SELECT id FROM t')).toEqual([['1']]);
  });
});
