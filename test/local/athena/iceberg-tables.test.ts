import { ObjectFolder } from '../../../local/iceberg/object-folder.ts';
import { loadTable } from '../../../local/iceberg/table.ts';
import { readWithIcebird } from '../iceberg/read-with-icebird.ts';
import { type OpenAthena, openAthena } from './open-athena.ts';

let athena: OpenAthena;
let tables = 0;

beforeAll(async () => {
  athena = await openAthena();
});

afterAll(() => athena.close());

/** Creates a table of three rows in two months, each test its own. */
async function createTable(properties = ''): Promise<string> {
  const name = `observations_${tables++}`;
  await athena.rows(
    `CREATE TABLE ${name} (id bigint, name string, at timestamp, score double) PARTITIONED BY (month(at))
LOCATION 's3://lake/${name}/' TBLPROPERTIES ('table_type' = 'ICEBERG'${properties})`,
  );
  await athena.rows(`INSERT INTO ${name} VALUES (1, 'one', TIMESTAMP '2026-01-01 10:00:00', 1e0),
    (2, 'two', TIMESTAMP '2026-02-01 10:00:00.123', 2e0), (3, NULL, TIMESTAMP '2026-02-02 00:00:00', NULL)`);
  return name;
}

/** Names by id, as the table has them. */
async function namesById(table: string): Promise<Record<string, string | null>> {
  return Object.fromEntries(await athena.rows(`SELECT id, name FROM ${table}`));
}

async function snapshots(table: string): Promise<(readonly (string | null)[])[]> {
  return [...(await athena.rows(`SELECT snapshot_id, operation FROM "${table}$snapshots" ORDER BY committed_at`))];
}

describe('An Iceberg table', () => {
  test('has after INSERT the rows of the query, columns by name, the rest NULL.', async () => {
    const table = await createTable();
    const inserted = await athena.run(`INSERT INTO ${table} (name, id) SELECT n, 4 FROM (VALUES 'four') AS v(n)`);
    expect(inserted.updateCount).toBe(1);
    expect(await athena.rows(`SELECT * FROM ${table} WHERE id = 4`)).toEqual([['4', 'four', null, null]]);
    expect((await athena.run(`INSERT INTO ${table} SELECT * FROM ${table} WHERE id = 99`)).state).toBe('SUCCEEDED');
    expect(await snapshots(table)).toHaveLength(2);
  });

  test('refuses an INSERT whose types would need a cast, and whose columns are not its own.', async () => {
    const table = await createTable();
    const insert = async (rest: string) => (await athena.run(`INSERT INTO ${table} ${rest}`)).reason;
    expect(await insert(`(id) VALUES ('5')`)).toMatch('mismatched column types: Table: [bigint], Query: [varchar]');
    expect(await insert('(id) VALUES (1.5)')).toMatch('TYPE_MISMATCH');
    expect(await insert(`(at) VALUES ('2026-01-01')`)).toMatch('TYPE_MISMATCH');
    expect(await insert('(id, name) VALUES (1)')).toMatch('TYPE_MISMATCH');
    expect(await insert('(absent) VALUES (1)')).toMatch('COLUMN_NOT_FOUND');
    expect((await athena.run(`INSERT INTO ${table} (score) VALUES (5)`)).state).toBe('SUCCEEDED');
  });

  test('changes by UPDATE the matching rows only, and commits nothing when there are none.', async () => {
    const table = await createTable();
    const updated = await athena.run(`UPDATE ${table} SET name = concat(name, '!'), score = id WHERE id <= 2`);
    expect(updated.updateCount).toBe(2);
    expect(await namesById(table)).toEqual({ 1: 'one!', 2: 'two!', 3: null });
    expect((await athena.run(`UPDATE ${table} SET name = 'x' WHERE name = 'absent'`)).updateCount).toBe(0);
    expect((await snapshots(table)).map(([, operation]) => operation)).toEqual(['append', 'overwrite']);
  });

  test('loses by DELETE the matching rows only: those for which the condition is NULL stay.', async () => {
    const table = await createTable();
    expect((await athena.run(`DELETE FROM ${table} WHERE name <> 'two'`)).updateCount).toBe(1);
    expect(await namesById(table)).toEqual({ 2: 'two', 3: null });
    await athena.rows(`DELETE FROM ${table} WHERE id IN (SELECT 2)`);
    await athena.rows(`DELETE FROM ${table}`);
    expect(await namesById(table)).toEqual({});
  });

  test('takes by MERGE updates, inserts and deletes in one snapshot.', async () => {
    const table = await createTable();
    const merged = await athena.run(`MERGE INTO ${table} AS o USING (
  SELECT * FROM (VALUES (1, 'uno', false), (2, NULL, true), (7, 'seven', false), (8, NULL, false)) AS v(id, name, gone)) AS s
ON o.id = s.id
WHEN MATCHED AND s.gone THEN DELETE
WHEN MATCHED THEN UPDATE SET name = s.name, score = o.score + 1
WHEN NOT MATCHED AND s.name IS NOT NULL THEN INSERT (id, name) VALUES (s.id, s.name)`);
    expect(merged).toMatchObject({ state: 'SUCCEEDED', updateCount: 3 });
    expect(await athena.rows(`SELECT id, name, score FROM ${table} ORDER BY id`)).toEqual([
      ['1', 'uno', '2.0'],
      ['3', null, null],
      ['7', 'seven', null],
    ]);
    expect(await snapshots(table)).toHaveLength(2);
  });

  test('refuses a MERGE in which two source rows match the same row, and stays as it is.', async () => {
    const table = await createTable();
    const merged = await athena.run(
      `MERGE INTO ${table} t USING (VALUES 1, 1) AS s(id) ON t.id = s.id WHEN MATCHED THEN UPDATE SET name = 'x'`,
    );
    expect(merged.reason).toMatch(
      'MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row',
    );
    expect(await snapshots(table)).toHaveLength(1);
    const unaffected = await athena.run(
      `MERGE INTO ${table} t USING (VALUES 1, 1) AS s(id) ON t.id = s.id WHEN MATCHED AND t.id > 5 THEN DELETE`,
    );
    expect(unaffected).toMatchObject({ state: 'SUCCEEDED', updateCount: 0 });
  });

  test('is read at a snapshot and at an instant as it was then, its columns among it.', async () => {
    const table = await createTable();
    const [[first]] = (await snapshots(table)) as [[string]];
    const [[instant]] = (await athena.rows(`SELECT committed_at FROM "${table}$snapshots"`)) as [[string]];
    await athena.rows(`ALTER TABLE ${table} ADD COLUMNS (extra int)`);
    await athena.rows(`INSERT INTO ${table} (id, extra) VALUES (9, 5)`);
    await athena.rows(`UPDATE ${table} SET name = 'changed'`);
    const then = await athena.run(`SELECT * FROM ${table} FOR VERSION AS OF ${first} ORDER BY id`);
    expect(then.names).toEqual(['id', 'name', 'at', 'score']);
    expect(then.rows.map(([id, name]) => [id, name])).toEqual([
      ['1', 'one'],
      ['2', 'two'],
      ['3', null],
    ]);
    const at = await athena.rows(`SELECT count(*) FROM ${table} FOR TIMESTAMP AS OF TIMESTAMP '${instant}'`);
    expect(at).toEqual([['3']]);
    const both = `SELECT now.id, old.name, now.name, now.extra FROM ${table} now LEFT JOIN ${table} FOR VERSION AS OF ${first} AS old ON old.id = now.id WHERE now.id IN (1, 9) ORDER BY now.id`;
    expect(await athena.rows(both)).toEqual([
      ['1', 'one', 'changed', null],
      ['9', null, 'changed', '5'],
    ]);
    expect((await athena.run(`SELECT * FROM ${table} FOR VERSION AS OF 5`)).reason).toMatch('INVALID_ARGUMENTS');
    expect(
      (await athena.run(`SELECT * FROM ${table} FOR TIMESTAMP AS OF TIMESTAMP '2001-01-01 00:00:00 UTC'`)).reason,
    ).toMatch('INVALID_ARGUMENTS');
  });

  test('renames and widens columns; what was written before is read under the new names.', async () => {
    const table = await createTable();
    await athena.rows(`ALTER TABLE ${table} CHANGE COLUMN name title string`);
    await athena.rows(`ALTER TABLE ${table} DROP COLUMN score`);
    await athena.rows(`ALTER TABLE ${table} ADD COLUMNS (score double)`);
    expect(await athena.rows(`SELECT title, score FROM ${table} WHERE id = 1`)).toEqual([['one', null]]);
    expect((await athena.run(`ALTER TABLE ${table} CHANGE COLUMN id id int`)).reason).toMatch('INVALID_SCHEMA');
    expect((await athena.run(`ALTER TABLE ${table} REPLACE COLUMNS (id int)`)).reason).toMatch('SYNTAX_ERROR');
  });

  test('becomes one file a partition by OPTIMIZE, with the same rows; run again, nothing is left to do.', async () => {
    const table = await createTable();
    await athena.rows(`INSERT INTO ${table} (id, at) VALUES (4, TIMESTAMP '2026-01-05 00:00:00')`);
    await athena.rows(`INSERT INTO ${table} (id, at) VALUES (5, TIMESTAMP '2026-01-06 00:00:00')`);
    await athena.rows(`OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`);
    await athena.rows(`OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`);
    expect((await snapshots(table)).map(([, operation]) => operation)).toEqual([
      'append',
      'append',
      'append',
      'replace',
    ]);
    expect(await athena.rows(`SELECT record_count FROM "${table}$files" ORDER BY 1`)).toEqual([['2'], ['3']]);
    expect(await namesById(table)).toEqual({ 1: 'one', 2: 'two', 3: null, 4: null, 5: null });
  });

  test('takes new properties, of those that Athena knows.', async () => {
    const table = await createTable();
    await athena.rows(`UPDATE ${table} SET name = 'x'`);
    await athena.rows(`ALTER TABLE ${table} SET TBLPROPERTIES ('vacuum_max_snapshot_age_seconds' = '0')`);
    await athena.rows(`VACUUM ${table}`);
    expect(await snapshots(table)).toHaveLength(1);
    const unknown = await athena.run(`ALTER TABLE ${table} SET TBLPROPERTIES ('mine' = '1')`);
    expect(unknown.reason).toMatch('Unsupported table property key: mine');
  });

  test('forgets by VACUUM snapshots beyond its retention, and their files.', async () => {
    const table = await createTable(`, 'vacuum_max_snapshot_age_seconds' = '0', 'vacuum_min_snapshots_to_keep' = '2'`);
    const [[first]] = (await snapshots(table)) as [[string]];
    await athena.rows(`UPDATE ${table} SET name = 'x'`);
    await athena.rows(`UPDATE ${table} SET name = 'y'`);
    await athena.rows(`VACUUM ${table}`);
    expect(await snapshots(table)).toHaveLength(2);
    expect((await athena.run(`SELECT * FROM ${table} FOR VERSION AS OF ${first}`)).state).toBe('FAILED');
    expect(await namesById(table)).toEqual({ 1: 'y', 2: 'y', 3: 'y' });
  });

  test('is read by icebird, which was written elsewhere, alike: now and at an older snapshot.', async () => {
    const table = await createTable();
    const [[first]] = (await snapshots(table)) as [[string]];
    await athena.rows(`ALTER TABLE ${table} ADD COLUMNS (extra int)`);
    await athena.rows(`MERGE INTO ${table} t USING (VALUES (1, 'uno'), (9, 'nine')) AS s(id, name) ON t.id = s.id
WHEN MATCHED THEN UPDATE SET name = s.name, extra = 5 WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)`);
    const store = { folder: new ObjectFolder(`${athena.folder}/s3`), now: Date.now };
    const files = await loadTable(store, `s3://lake/${table}`);
    const names = (rows: Record<string, unknown>[]) => rows.map(({ id, name }) => [id, name ?? null]).sort();
    const current = await readWithIcebird(files);
    expect(names(current)).toEqual([
      [1n, 'uno'],
      [2n, 'two'],
      [3n, null],
      [9n, 'nine'],
    ]);
    expect(current.find(({ id }) => id === 2n)).toMatchObject({ at: new Date('2026-02-01T10:00:00.123Z'), score: 2 });
    expect(current.find(({ id }) => id === 1n)).toMatchObject({ extra: 5 });
    expect(names(await readWithIcebird(files, BigInt(first)))).toEqual([
      [1n, 'one'],
      [2n, 'two'],
      [3n, null],
    ]);
  });

  test('takes two INSERTs at once; of two UPDATEs at once one fails with a commit error at worst.', async () => {
    const table = await createTable();
    const inserts = await Promise.all([4, 5, 6].map(id => athena.run(`INSERT INTO ${table} (id) VALUES (${id})`)));
    expect(inserts.map(({ reason }) => reason)).toEqual([undefined, undefined, undefined]);
    expect(Object.keys(await namesById(table))).toHaveLength(6);
    const updates = await Promise.all(['a', 'b'].map(name => athena.run(`UPDATE ${table} SET name = '${name}'`)));
    for (const { state, reason } of updates) if (state === 'FAILED') expect(reason).toMatch('ICEBERG_COMMIT_ERROR');
    expect(updates.some(({ state }) => state === 'SUCCEEDED')).toBe(true);
  });

  test('takes at most a hundred partitions in one statement.', async () => {
    await athena.rows(
      `CREATE TABLE hourly (at timestamp) PARTITIONED BY (hour(at)) LOCATION 's3://lake/hourly/' TBLPROPERTIES ('table_type' = 'ICEBERG')`,
    );
    const insert = (hours: number) =>
      athena.run(
        `INSERT INTO hourly SELECT date_add('hour', n, TIMESTAMP '2026-01-01 00:00:00') FROM UNNEST(sequence(1, ${hours})) AS u(n)`,
      );
    expect((await insert(101)).reason).toMatch('ICEBERG_TOO_MANY_OPEN_PARTITIONS');
    expect((await insert(100)).state).toBe('SUCCEEDED');
    expect(await athena.rows('SELECT count(*) FROM hourly')).toEqual([['100']]);
  });

  test('has partitions by every transform of Iceberg, NULL among the values.', async () => {
    await athena.rows(`CREATE TABLE transforms (id bigint, name string, at timestamp, on_day date)
PARTITIONED BY (bucket(4, name), truncate(id, 10), day(at), on_day, year(at)) LOCATION 's3://lake/transforms/' TBLPROPERTIES ('table_type' = 'ICEBERG')`);
    await athena.rows(
      `INSERT INTO transforms VALUES (-1, 'iceberg', TIMESTAMP '1969-12-31 23:00:00', DATE '1969-12-31'), (15, NULL, NULL, NULL)`,
    );
    expect(await athena.rows('SELECT "partition" FROM "transforms$partitions" ORDER BY record_count, 1')).toEqual([
      ['{name_bucket=1, id_trunc=-10, at_day=1969-12-31, on_day=1969-12-31, at_year=1969}'],
      ['{name_bucket=null, id_trunc=10, at_day=null, on_day=null, at_year=null}'],
    ]);
  });

  test('is defined once, at an empty location, by properties that Athena knows.', async () => {
    const define = (name: string, rest: string) => athena.run(`CREATE TABLE ${name} (id int) ${rest}`);
    const iceberg = `TBLPROPERTIES ('table_type' = 'ICEBERG')`;
    const table = await createTable();
    expect((await define(table, `LOCATION 's3://lake/x/' ${iceberg}`)).reason).toMatch('ALREADY_EXISTS');
    expect(
      (await athena.run(`CREATE TABLE IF NOT EXISTS ${table} (id int) LOCATION 's3://lake/x/' ${iceberg}`)).state,
    ).toBe('SUCCEEDED');
    expect((await define('other', `LOCATION 's3://lake/${table}/' ${iceberg}`)).reason).toMatch('non-empty location');
    expect(
      (await define('other', `LOCATION 's3://lake/x/' TBLPROPERTIES ('table_type' = 'ICEBERG', 'mine' = '1')`)).reason,
    ).toMatch('Unsupported table property key: mine');
    expect((await define('other', iceberg)).reason).toMatch('LOCATION');
    expect((await define('other', `LOCATION 's3://lake/x/'`)).reason).toMatch('table_type');
    expect((await define('elsewhere.other', `LOCATION 's3://lake/x/' ${iceberg}`)).reason).toMatch('SCHEMA_NOT_FOUND');
    expect((await define('other', `PARTITIONED BY (month(absent)) LOCATION 's3://lake/x/' ${iceberg}`)).reason).toMatch(
      'absent',
    );
  });

  test('created by many at once, is one table', async () => {
    const create = `CREATE TABLE IF NOT EXISTS contended (id int) LOCATION 's3://lake/contended/'
TBLPROPERTIES ('table_type' = 'ICEBERG')`;
    const ends = await Promise.all(Array.from({ length: 8 }, () => athena.run(create)));
    expect(ends.map(({ state, reason }) => reason ?? state)).toEqual(Array(8).fill('SUCCEEDED'));
    expect((await athena.run('INSERT INTO contended VALUES (1)')).state).toBe('SUCCEEDED');
  });

  test('goes with its data by DROP TABLE, and can be made anew.', async () => {
    const table = await createTable();
    expect(await athena.rows(`SELECT count(*) FROM ${table}`)).toEqual([['3']]);
    await athena.rows(`DROP TABLE ${table}`);
    expect((await athena.run(`SELECT * FROM ${table}`)).reason).toMatch('TABLE_NOT_FOUND');
    expect((await athena.run(`DROP TABLE ${table}`)).reason).toMatch('TABLE_NOT_FOUND');
    expect((await athena.run(`DROP TABLE IF EXISTS ${table}`)).state).toBe('SUCCEEDED');
    const again = `CREATE TABLE ${table} (id int) LOCATION 's3://lake/${table}/' TBLPROPERTIES ('table_type' = 'ICEBERG')`;
    await athena.rows(again);
    expect(await athena.rows(`SELECT count(*) FROM ${table}`)).toEqual([['0']]);
  });
});
