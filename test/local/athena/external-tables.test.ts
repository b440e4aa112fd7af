import { type OpenAthena, openAthena } from './open-athena.ts';

let athena: OpenAthena;

beforeAll(async () => {
  athena = await openAthena();
  await athena.rows(`CREATE EXTERNAL TABLE staging (id bigint, \`name\` string, missing double)
PARTITIONED BY (\`batch\` bigint) STORED AS PARQUET LOCATION 's3://lake/staging/' TBLPROPERTIES (
  'projection.enabled' = 'true', 'projection.batch.type' = 'integer', 'projection.batch.range' = '1,5',
  'storage.location.template' = 's3://lake/staging/\${batch}/')`);
  for (const batch of [1, 2, 7]) {
    await athena.rows(
      `UNLOAD (SELECT ${batch} * 10 AS id, 'batch ${batch}' AS name, true AS other) TO 's3://lake/staging/${batch}/' WITH (format = 'PARQUET', compression = 'SNAPPY')`,
    );
  }
});

afterAll(() => athena.close());

describe('An external table', () => {
  test('reads the partitions that its projection names, columns by name and the missing ones as NULL.', async () => {
    const rows = await athena.rows('SELECT id, name, missing, batch FROM staging ORDER BY id');
    expect(rows).toEqual([
      ['10', 'batch 1', null, '1'],
      ['20', 'batch 2', null, '2'],
    ]);
  });

  test('leaves out what the condition on its partition rules out, whichever way the condition is written.', async () => {
    for (const condition of [
      'batch = 2',
      '2 = s.batch',
      `(batch = 2 AND name <> 'x')`,
      'batch > 1',
      'batch IN (2, 3)',
    ]) {
      expect(await athena.rows(`SELECT s.id FROM staging s WHERE ${condition}`)).toEqual([['20']]);
    }
    expect(await athena.rows('SELECT id FROM staging WHERE batch = 7')).toEqual([]);
    expect(await athena.rows('SELECT id FROM staging WHERE batch = 1 OR batch = 2 ORDER BY 1')).toEqual([
      ['10'],
      ['20'],
    ]);
    expect(
      await athena.rows(
        'SELECT a.id, b.id FROM staging a LEFT JOIN staging b ON b.id = a.id AND b.batch = 1 WHERE a.batch = 2',
      ),
    ).toEqual([['20', null]]);
  });

  test('is not written to, and its files stay when it is dropped.', async () => {
    expect((await athena.run('INSERT INTO staging SELECT 1, NULL, NULL, 1')).reason).toMatch('NOT_SUPPORTED');
    expect((await athena.run('SELECT * FROM staging FOR VERSION AS OF 1')).reason).toMatch('NOT_SUPPORTED');
    const define = `CREATE EXTERNAL TABLE plain (id bigint) STORED AS PARQUET LOCATION 's3://lake/staging/1/'`;
    await athena.rows(define);
    await athena.rows('DROP TABLE plain');
    await athena.rows(define);
    expect(await athena.rows('SELECT id FROM plain')).toEqual([['10']]);
  });

  test('fails with bad data where a file holds another type.', async () => {
    await athena.rows(`CREATE EXTERNAL TABLE wrong (name bigint) STORED AS PARQUET LOCATION 's3://lake/staging/1/'`);
    expect((await athena.run('SELECT * FROM wrong')).reason).toMatch('HIVE_BAD_DATA');
  });
});

describe('UNLOAD', () => {
  test('writes into an empty prefix only, and lists its files in a manifest.', async () => {
    const unload = `UNLOAD (SELECT n, CAST(n AS varchar) AS s FROM UNNEST(sequence(1, 10)) AS u(n)) TO 's3://lake/out/' WITH (format = 'PARQUET', compression = 'ZSTD')`;
    const { id } = await athena.run(unload);
    await athena.rows(
      `CREATE EXTERNAL TABLE unloaded (n bigint, s string) STORED AS PARQUET LOCATION 's3://lake/out/'`,
    );
    expect(await athena.rows('SELECT count(*), sum(n), max(s) FROM unloaded')).toEqual([['10', '55', '9']]);
    expect((await athena.run(unload)).reason).toMatch('HIVE_PATH_ALREADY_EXISTS');
    expect(id).toBeDefined();
  });

  test('refuses columns without names, other formats and options that it does not know.', async () => {
    const reason = async (select: string, options: string) =>
      (await athena.run(`UNLOAD (${select}) TO 's3://lake/never/' WITH (${options})`)).reason;
    expect(await reason('SELECT 1', `format = 'PARQUET'`)).toMatch('MISSING_COLUMN_NAME');
    expect(await reason('SELECT 1 AS n', `format = 'TEXTFILE'`)).toMatch('NOT_SUPPORTED');
    expect(await reason('SELECT 1 AS n', `format = 'PARQUET', compression = 'xz'`)).toMatch('INVALID_ARGUMENTS');
    expect(await reason('SELECT 1 AS n', `format = 'PARQUET', partitioned_by = 'n'`)).toMatch('NOT_SUPPORTED');
  });
});
