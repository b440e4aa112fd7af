import { parquetWriteBuffer } from 'hyparquet-writer';
import { InvalidLifecycleRequestError } from '../../../lifecycle/datasets/check-request.ts';
import { BatchRefusedError, SyntheticRowsRefusedError } from '../../../lifecycle/datasets/errors.ts';
import { takeWriterLease, WriterBusyError } from '../../../lifecycle/datasets/writer-lease.ts';
import { putConclusion } from '../../../lifecycle/registry/execution.ts';
import { LifecycleBusyError } from '../../../lifecycle/registry/lifecycle-lease.ts';
import type { Athena } from '../../../platform/athena.ts';
import { type Lake, type OpenUseCase, startLake, today } from './lake.ts';
import { minimalUseCase } from './minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,customer,at,amount,visits,plan,member,churned';
const csv = (...lines: string[]) => `${[header, ...lines].join('\n')}\n`;
const good = (id: string) => `${id},c-${id},2026-01-02T03:04:05.678Z,12.5,3,basic,ja,yes`;

describe('files', () => {
  test('CSV, NDJSON and Parquet files make one batch, and are moved', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv('a,c1,2026-01-02T03:04:05.678Z,12.5,3,basic,ja,yes'));
    await tiny.drop(
      'deep/b.ndjson',
      '{"id":"b","at":"2026-02-01","amount":1,"visits":2,"plan":"pro","member":false,"churned":"no"}',
    );
    await tiny.drop('c.parquet', parquet());
    expect(await tiny.ingest('first')).toEqual({
      proceed: true,
      reason: 'batch 1 was not concluded on yet',
      ingestSeq: 1,
      snapshotId: expect.stringMatching(/^\d+$/),
      files: 3,
      rows: 3,
      inserted: 3,
      duplicates: 0,
      labelled: 0,
      rejected: 0,
      quarantine: null,
    });
    const written = { ingest_seq: '1', ingested_at: '2026-06-15 12:00:00.000' };
    const labelled = { label_seq: '1', labelled_at: '2026-06-15 12:00:00.000' };
    const [a, b, c] = (await tiny.rows()).map(normalized);
    expect(a).toEqual({
      ...written,
      ...labelled,
      observation_id: 'a',
      entity_id: 'c1',
      event_time: '2026-01-02 03:04:05.678',
      amount: 12.5,
      visits: '3',
      plan: 'basic',
      is_member: 'true',
      label: '1',
    });
    expect(b).toMatchObject({ ...labelled, entity_id: 'b', event_time: '2026-02-01 00:00:00.000', is_member: 'false' });
    expect(c).toMatchObject({
      ...written,
      amount: null,
      visits: null,
      label: null,
      label_seq: null,
      labelled_at: null,
    });
    expect(await tiny.keys('landing')).toEqual([]);
    expect(await tiny.keys('staging')).toEqual([]);
    expect(await tiny.keys('quarantine')).toEqual([]);
    expect(await tiny.keys('ingested')).toEqual(['1/a.csv', '1/c.parquet', '1/deep/b.ndjson']);
  });

  test('rows without id and time get the same id whenever they come, and are spread over the year before maturity', async () => {
    const tiny = await lake.open(minimalUseCase);
    const lines = Array.from({ length: 200 }, (_, index) => `${index},1,basic,ja,no`);
    const text = ['amount,visits,plan,member,churned', ...lines].join('\n');
    await tiny.drop('a.csv', text);
    expect(await tiny.ingest('first')).toMatchObject({ inserted: 200 });
    const rows = await tiny.rows();
    const times = rows.map(row => Date.parse(`${row.event_time!.replace(' ', 'T')}Z`)).sort((a, b) => a - b);
    const mature = Date.parse(today) - 10 * dayMs;
    expect(times[0]).toBeGreaterThan(mature - 365 * dayMs);
    expect(times.at(-1)).toBeLessThanOrEqual(mature);
    expect(times[100]! - times[0]!).toBeGreaterThan(100 * dayMs);
    expect(rows.every(row => row.entity_id === row.observation_id)).toBe(true);
    await tiny.drop('same content, other name.csv', text);
    const again = await tiny.ingest('second', { startedAt: '2026-06-20T12:00:00.000Z' });
    expect(again).toMatchObject({ ingestSeq: 2, rows: 200, inserted: 0, duplicates: 200, rejected: 0 });
    expect(await tiny.rows()).toEqual(rows);
  });

  test('an execution that is asked again answers as before', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    const first = await tiny.ingest('first');
    await tiny.drop('b.csv', csv(good('b')));
    expect(await tiny.ingest('first')).toEqual(first);
    expect(await tiny.keys('landing')).toEqual(['b.csv']);
  });

  test('events of more months than one statement may write are inserted by several', async () => {
    const tiny = await lake.open(minimalUseCase);
    const months = Array.from({ length: 250 }, (_, index) => new Date(Date.UTC(2000, index, 15)).toISOString());
    await tiny.drop('a.csv', csv(...months.map((at, index) => `m${index},c,${at},1,1,pro,ja,no`)));
    const inserts: string[] = [];
    const athena = spying(tiny.services.athena, sql => /^INSERT/.test(sql) && inserts.push(sql));
    expect(await tiny.ingest('first', {}, { ...tiny.services, athena })).toMatchObject({ inserted: 250 });
    expect(inserts).toHaveLength(3);
    expect(await tiny.rows()).toHaveLength(250);
  });

  test('a file that appears while a batch is made waits for the next', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    const athena = spying(tiny.services.athena, sql => /^INSERT/.test(sql) && tiny.drop('b.csv', csv(good('b'))));
    expect(await tiny.ingest('first', {}, { ...tiny.services, athena })).toMatchObject({ files: 1, inserted: 1 });
    expect(await tiny.keys('landing')).toEqual(['b.csv']);
    expect(await tiny.ingest('second')).toMatchObject({ ingestSeq: 2, files: 1, inserted: 1 });
  });

  test('a file that is overwritten before its rows are staged is ingested as it is then', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('old')));
    let puts = 0;
    const registry = {
      ...tiny.services.registry,
      put: async (...args: Parameters<typeof tiny.services.registry.put>) => {
        await tiny.services.registry.put(...args);
        if (args[0].pk.endsWith('#batch') && puts++ === 0) await tiny.drop('a.csv', csv(good('new'), good('newer')));
      },
    };
    expect(await tiny.ingest('first', {}, { ...tiny.services, registry })).toMatchObject({ ingestSeq: 1, inserted: 2 });
    expect((await tiny.rows()).map(row => row.observation_id)).toEqual(['new', 'newer']);
    expect(await tiny.keys('landing')).toEqual([]);
  });

  test('a file that is overwritten after its rows are staged stays for the next batch', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('old')));
    const athena = spying(tiny.services.athena, sql => /^INSERT/.test(sql) && tiny.drop('a.csv', csv(good('new'))));
    expect(await tiny.ingest('first', {}, { ...tiny.services, athena })).toMatchObject({ inserted: 1 });
    expect(await tiny.keys('landing')).toEqual(['a.csv']);
    expect(await tiny.ingest('second')).toMatchObject({ inserted: 1 });
    expect((await tiny.rows()).map(row => row.observation_id)).toEqual(['new', 'old']);
  });
});

describe('bad input', () => {
  test('bad rows go into quarantine with file, row and every reason; the others in', async () => {
    const tiny = await lake.open(minimalUseCase);
    const rows = Array.from({ length: 30 }, (_, index) => good(`g${index}`));
    rows[4] = 'bad,c,2026-01-02,x,1.5,gold,ja,yes';
    rows[9] = 'too,few';
    await tiny.drop('a.csv', csv(...rows));
    expect(await tiny.ingest('first')).toMatchObject({ rows: 30, inserted: 28, rejected: 2 });
    const file = `landing/${tiny.useCase.id}/a.csv`;
    expect(await tiny.quarantined(1)).toEqual([
      {
        file,
        row: 5,
        reason:
          'amount is "x", expected a number from 0 to 1000; visits is "1.5", expected an integer; plan is "gold", expected one of "basic", "pro"',
        raw: {
          id: 'bad',
          customer: 'c',
          at: '2026-01-02',
          amount: 'x',
          visits: '1.5',
          plan: 'gold',
          member: 'ja',
          churned: 'yes',
        },
      },
      { file, row: 10, reason: 'line has 2 fields, expected 8 as in the header', raw: ['too', 'few'] },
    ]);
  });

  test('a batch with more rejected rows than quality allows is refused whole, and the next one is not', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a'), good('b'), 'bad'));
    const refused = /Batch 1 of "tiny-churn-\d+" was refused: 1 of 3 rows are rejected \(33.3 %\), accepted are 10 %/;
    await expect(tiny.ingest('first')).rejects.toThrow(refused);
    await expect(tiny.ingest('first')).rejects.toThrow(BatchRefusedError);
    expect(await tiny.rows()).toEqual([]);
    expect(await tiny.keys('landing')).toEqual([]);
    expect(await tiny.keys('quarantine')).toEqual(['1/files/a.csv', '1/rows.ndjson']);
    expect(await tiny.quarantined(1)).toHaveLength(1);
    expect(await tiny.ingest('second')).toMatchObject({ proceed: false, ingestSeq: 0 });
    await tiny.drop('b.csv', csv(good('c')));
    expect(await tiny.ingest('third')).toMatchObject({ ingestSeq: 2, inserted: 1 });
  });

  test('a header of half a megabyte is refused with as much of it as fits on record', async () => {
    const tiny = await lake.open(minimalUseCase);
    const names = Array.from({ length: 60_000 }, (_, column) => `column-${column}`);
    await tiny.drop('one-line.csv', `${names.join(',')}\n${names.join(',')}\n`);
    await expect(tiny.ingest('wide')).rejects.toThrow(/one-line\.csv lacks .*found "column-0".*…$/);
    const [row] = await tiny.quarantined(1);
    expect(row!.reason.length).toBeLessThan(1_100);
  });

  test('a header that lacks the label and a feature is named once, with what is expected and found', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', 'id,at,amount,visits,member\na,2026-01-02,1,1,ja\nb,2026-01-02,1,1,ja\n');
    const problem =
      'lacks "churned", "plan"; expected "amount", "visits", "plan", "member", "churned", found "id", "at", "amount", "visits", "member"';
    await expect(tiny.ingest('first')).rejects.toThrow(problem);
    expect(await tiny.quarantined(1)).toEqual([
      { file: `landing/${tiny.useCase.id}/a.csv`, row: null, reason: `File ${problem}`, raw: null },
    ]);
  });

  test('files that are empty or of no known format are put aside, and the others go in', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    await tiny.drop('empty.csv', new Uint8Array());
    await tiny.drop('notes.txt', 'hello');
    await tiny.drop('header only.csv', csv());
    const landing = `landing/${tiny.useCase.id}/`;
    expect(await tiny.ingest('first')).toMatchObject({
      reason: `batch 1 was not concluded on yet; ${landing}empty.csv is empty; ${landing}notes.txt ends in none of .csv, .ndjson, .jsonl, .parquet`,
      files: 4,
      rows: 1,
      inserted: 1,
      rejected: 0,
      quarantine: `quarantine/${tiny.useCase.id}/1/`,
    });
    expect(await tiny.keys('quarantine')).toEqual(['1/files/empty.csv', '1/files/notes.txt', '1/rows.ndjson']);
    expect((await tiny.quarantined(1)).map(({ reason }) => reason)).toEqual([
      'File is empty',
      'File ends in none of .csv, .ndjson, .jsonl, .parquet',
    ]);
    expect(await tiny.keys('ingested')).toEqual(['1/a.csv', '1/header only.csv']);
  });

  test.each([
    { name: 'nothing.csv', content: '', problem: 'is empty' },
    { name: 'blank.csv', content: '\n\r\n\n', problem: 'is empty' },
    { name: 'nothing.ndjson', content: '', problem: 'is empty' },
    { name: 'rows.csv.gz', content: 'x', problem: 'ends in none of .csv, .ndjson, .jsonl, .parquet' },
    { name: 'text.parquet', content: 'hello', problem: 'is no Parquet file: parquet file is too short' },
    { name: 'text.ndjson', content: 'hello\n', problem: 'has no row that can be read' },
  ])('a batch of nothing but $name is refused: it $problem', async ({ name, content, problem }) => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop(name, Buffer.from(content));
    const ingesting = tiny.ingest('first');
    await expect(ingesting).rejects.toThrow(BatchRefusedError);
    await expect(ingesting).rejects.toThrow(`landing/${tiny.useCase.id}/${name} ${problem}`);
    expect(await tiny.keys('quarantine')).toEqual([`1/files/${name}`, '1/rows.ndjson']);
    expect(await tiny.keys('landing')).toEqual([]);
  });

  test('a refusal names ten files and counts the others', async () => {
    const tiny = await lake.open(minimalUseCase);
    for (let number = 10; number < 22; number++) await tiny.drop(`${number}.txt`, 'x');
    const ingesting = tiny.ingest('first');
    await expect(ingesting).rejects.toThrow('none of its files has rows');
    await expect(ingesting).rejects.toThrow(/\/19\.txt ends in [^\n]+\nand 2 more files$/);
  });

  test('an observation id that comes again with equal values is counted, with others quarantined', async () => {
    const tiny = await lake.open(minimalUseCase);
    const many = Array.from({ length: 30 }, (_, index) => good(`g${index}`));
    await tiny.drop('a.csv', csv(...many, good('g0'), good('g1').replace('basic', 'pro')));
    expect(await tiny.ingest('first')).toMatchObject({ rows: 32, inserted: 30, duplicates: 1, rejected: 1 });
    const more = many.map(line => line.replaceAll('g', 'h'));
    await tiny.drop('b.csv', csv(...more, good('g2'), good('g3').replace('yes', 'no'), good('g4').replace('12.5', '')));
    expect(await tiny.ingest('second')).toMatchObject({ rows: 33, inserted: 30, duplicates: 1, rejected: 2 });
    expect((await tiny.quarantined(1)).map(({ row, reason }) => [row, reason])).toEqual([
      [32, 'observation id "g1" has other values earlier in this batch'],
    ]);
    expect((await tiny.quarantined(2)).map(({ row, reason }) => [row, reason])).toEqual([
      [32, 'observation id "g3" has other values in the table'],
      [33, 'observation id "g4" has other values in the table'],
    ]);
    expect((await tiny.rows()).filter(row => row.plan === 'pro')).toEqual([]);
  });

  test('a batch of conflicting rows is refused', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    await tiny.ingest('first');
    const before = await tiny.rows();
    await tiny.drop('b.csv', csv(good('a').replace('yes', 'no'), good('b')));
    await expect(tiny.ingest('second')).rejects.toThrow(BatchRefusedError);
    expect(await tiny.rows()).toEqual(before);
    expect(await tiny.keys('staging')).toEqual([]);
    expect(await tiny.quarantined(2)).toHaveLength(1);
  });
});

describe('whether the lifecycle goes on', () => {
  test('it does not without observations, and nothing is queried', async () => {
    const tiny = await lake.open(minimalUseCase);
    const athena = spying(tiny.services.athena, sql => expect(sql).toBe('no statement'));
    expect(await tiny.ingest('first', {}, { ...tiny.services, athena })).toMatchObject({
      proceed: false,
      reason: 'there are no observations yet',
      ingestSeq: 0,
      snapshotId: null,
    });
    expect(await tiny.ingest('second')).toMatchObject({ proceed: false });
  });

  test('it does until the batch is concluded on, then when rows have matured, and when forced', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a'), good('young').replace('2026-01-02', '2026-06-10')));
    expect(await tiny.ingest('first')).toMatchObject({ proceed: true });
    expect(await tiny.ingest('second')).toMatchObject({ proceed: true, reason: 'batch 1 was not concluded on yet' });
    await conclude(tiny, today);
    expect(await tiny.ingest('third')).toMatchObject({
      proceed: false,
      reason: `nothing is new since ${today}`,
      ingestSeq: 1,
    });
    expect(await tiny.ingest('forced', { force: true })).toMatchObject({ proceed: true });
    const later = { startedAt: '2026-06-21T12:00:00.000Z' };
    expect(await tiny.ingest('later', later)).toMatchObject({
      proceed: true,
      reason: `1 rows have matured since ${today}`,
    });
    await conclude(tiny, later.startedAt);
    const athena = spying(tiny.services.athena, sql => expect(sql).toBe('no statement'));
    const latest = await tiny.ingest('latest', { startedAt: '2026-07-21T12:00:00.000Z' }, { ...tiny.services, athena });
    expect(latest).toMatchObject({ proceed: false });
  });

  test('it does for the execution that concluded, which is run again from its start', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    await tiny.ingest('first');
    await conclude(tiny, today, 'first');
    expect(await tiny.ingest('first')).toMatchObject({ proceed: true, ingestSeq: 1, rows: 1 });
    expect(await tiny.ingest('second')).toMatchObject({ proceed: false });
  });

  test('it waits for an execution that is alive, and takes over from one that is dead', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    await tiny.ingest('first');
    tiny.running.add('first');
    await expect(tiny.ingest('second')).rejects.toThrow(LifecycleBusyError);
    await expect(tiny.ingest('second')).rejects.toThrow('is run by first');
    expect(await tiny.ingest('first')).toMatchObject({ proceed: true });
    tiny.running.clear();
    expect(await tiny.ingest('second')).toMatchObject({ proceed: true });
  });

  test('it waits for maintenance', async () => {
    const tiny = await lake.open(minimalUseCase);
    await tiny.drop('a.csv', csv(good('a')));
    await takeWriterLease(tiny.services, tiny.useCase.id, 'maintenance');
    await expect(tiny.ingest('first')).rejects.toThrow(WriterBusyError);
    tiny.pass(20 * 60_000);
    expect(await tiny.ingest('first')).toMatchObject({ inserted: 1 });
  });
});

describe('synthetic rows', () => {
  test('the first batch is a mature history, later ones follow it', async () => {
    const tiny = await lake.open(minimalUseCase);
    tiny.services.demo = true;
    expect(await tiny.ingest('first', { newBatch: true })).toMatchObject({ inserted: 60 });
    const first = times(await tiny.rows());
    expect(first[0]).toBeGreaterThan(Date.parse(today) - 375 * dayMs);
    expect(first.at(-1)).toBeLessThanOrEqual(Date.parse(today) - 10 * dayMs);
    const later = { startedAt: '2026-06-16T12:00:00.000Z' };
    expect(await tiny.ingest('second', { newBatch: 7, ...later })).toMatchObject({ ingestSeq: 2, inserted: 7 });
    const added = times((await tiny.rows()).filter(row => row.ingest_seq === '2'));
    expect(added[0]).toBeGreaterThan(first.at(-1)!);
    expect(added.at(-1)).toBeLessThanOrEqual(Date.parse(later.startedAt) - 10 * dayMs);
    expect(await tiny.keys('ingested')).toEqual(['1/synthetic/batch-1.csv', '2/synthetic/batch-2.csv']);
  });

  test('they are refused where the deployment is no demo', async () => {
    const tiny = await lake.open(minimalUseCase);
    await expect(tiny.ingest('first', { newBatch: true })).rejects.toThrow(SyntheticRowsRefusedError);
    expect(await tiny.keys('landing')).toEqual([]);
  });

  test('they are refused where real rows are or wait', async () => {
    const tiny = await lake.open(minimalUseCase);
    tiny.services.demo = true;
    await tiny.drop('a.csv', csv(good('a')));
    await expect(tiny.ingest('first', { newBatch: true })).rejects.toThrow('files are waiting that hold real rows');
    await tiny.ingest('second');
    await expect(tiny.ingest('third', { newBatch: true })).rejects.toThrow('its table holds real rows');
  });

  test('they are left out where real rows are or wait and a schedule asks for them', async () => {
    const tiny = await lake.open(minimalUseCase);
    tiny.services.demo = true;
    await tiny.drop('a.csv', csv(good('a')));
    const scheduled = { newBatch: true, trigger: 'schedule' } as const;
    expect(await tiny.ingest('first', scheduled)).toMatchObject({ files: 1, inserted: 1 });
    expect(await tiny.ingest('second', scheduled)).toMatchObject({ files: 0, inserted: 0 });
  });

  test.each([-1, 1.5])('a batch of %d of them is refused', async rows => {
    const tiny = await lake.open(minimalUseCase);
    tiny.services.demo = true;
    await expect(tiny.ingest('first', { newBatch: rows })).rejects.toThrow(InvalidLifecycleRequestError);
  });
});

const dayMs = 86_400_000;

function times(rows: Awaited<ReturnType<OpenUseCase['rows']>>): number[] {
  return rows.map(row => Date.parse(`${row.event_time!.replace(' ', 'T')}Z`)).sort((a, b) => a - b);
}

/** A number's text is the engine's affair. */
function normalized(row: Readonly<Record<string, string | null>>) {
  return { ...row, amount: row.amount === null ? null : Number(row.amount) };
}

function spying(athena: Athena, look: (sql: string) => unknown): Athena {
  return {
    ...athena,
    start: async (sql, options) => {
      await look(sql);
      return athena.start(sql, options);
    },
    execute: async (sql, options) => {
      await look(sql);
      return athena.execute(sql, options);
    },
    query: async (sql, options) => {
      await look(sql);
      return athena.query(sql, options);
    },
  };
}

function conclude({ services, useCase }: OpenUseCase, asOf: string, executionId = 'any'): Promise<void> {
  return putConclusion(services.registry, useCase.id, {
    executionId,
    trigger: 'manual',
    asOf,
    concludedAt: asOf,
    ingestSeq: 1,
    outcome: 'unchanged',
    version: null,
    reason: '',
    error: null,
  });
}

function parquet(): Uint8Array {
  const columnData = [
    { name: 'id', type: 'STRING' as const, data: ['c'] },
    { name: 'at', type: 'TIMESTAMP' as const, data: [new Date('2026-03-01T00:00:00Z')] },
    { name: 'amount', type: 'DOUBLE' as const, data: [Number.NaN] },
    { name: 'visits', type: 'INT64' as const, data: [null] },
    { name: 'plan', type: 'STRING' as const, data: ['pro'] },
    { name: 'member', type: 'BOOLEAN' as const, data: [true] },
    { name: 'churned', type: 'STRING' as const, data: [null] },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
