import { maintain } from '../../../lifecycle/datasets/maintain.ts';
import { takeWriterLease, WriterBusyError } from '../../../lifecycle/datasets/writer-lease.ts';
import { type Athena, QueryFailedError } from '../../../platform/athena.ts';
import { type Lake, startLake } from './lake.ts';
import { minimalUseCase } from './minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,customer,at,amount,visits,plan,member,churned';

test('a table of many small files holds the same rows afterwards', async () => {
  const tiny = await lake.open(minimalUseCase);
  for (const id of ['a', 'b', 'c']) {
    await tiny.drop(`${id}.csv`, `${header}\n${id},c,2026-01-02,1,1,pro,ja,yes\n`);
    await tiny.ingest(id);
  }
  const before = await tiny.rows();
  const output = await maintain(tiny.services, tiny.useCase, { useCase: tiny.useCase.id, executionId: 'm' });
  const name = tiny.useCase.id.replaceAll('-', '_');
  expect(output).toEqual({
    tables: [
      ...['observations', 'predictions', 'outcomes', 'scores'].map(table => `${name}_${table}`),
      'experiment_runs',
    ].map(table => ({ table, optimizeRuns: 1, vacuumRuns: 1 })),
  });
  expect(await tiny.rows()).toEqual(before);
  await tiny.drop('d.csv', `${header}\nd,c,2026-01-02,1,1,pro,ja,yes\n`);
  expect(await tiny.ingest('d')).toMatchObject({ inserted: 1 });
});

test('a statement that says it needs more runs is run again, and one that fails otherwise is not', async () => {
  const tiny = await lake.open(minimalUseCase);
  const input = { useCase: tiny.useCase.id, executionId: 'm' };
  const athena = failing(tiny.services.athena, {
    OPTIMIZE: ['ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED', 'ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED'],
    VACUUM: ['ICEBERG_VACUUM_MORE_RUNS_NEEDED'],
  });
  expect(await maintain({ ...tiny.services, athena }, tiny.useCase, input)).toMatchObject({
    tables: [{ optimizeRuns: 3, vacuumRuns: 2 }, ...Array(4).fill({ optimizeRuns: 1, vacuumRuns: 1 })],
  });
  const broken = failing(tiny.services.athena, { VACUUM: ['GENERIC_INTERNAL_ERROR'] });
  await expect(maintain({ ...tiny.services, athena: broken }, tiny.useCase, input)).rejects.toThrow(QueryFailedError);
});

test('called again, as its time was over, it waits for the statement that is under way before it starts another', async () => {
  const tiny = await lake.open(minimalUseCase);
  const { athena } = tiny.services;
  const acts: string[] = [];
  const input = { useCase: tiny.useCase.id, executionId: 'm' };
  const slow: Athena = { ...athena, end: () => Promise.reject(new Error('Task timed out')) };
  await expect(maintain({ ...tiny.services, athena: slow }, tiny.useCase, input)).rejects.toThrow('timed out');
  const watched: Athena = {
    ...athena,
    start: sql => {
      acts.push(sql.split(' ', 1)[0]!);
      return athena.start(sql);
    },
    end: queryId => {
      acts.push('wait');
      return athena.end(queryId);
    },
  };
  await maintain({ ...tiny.services, athena: watched }, tiny.useCase, input);
  expect(acts.slice(0, 3)).toEqual(['wait', 'OPTIMIZE', 'wait']);
  acts.length = 0;
  await maintain({ ...tiny.services, athena: watched }, tiny.useCase, { ...input, executionId: 'next week' });
  expect(acts[0]).toBe('OPTIMIZE');
});

test('maintenance waits while a batch is written, and lets the next batch in when it ends', async () => {
  const tiny = await lake.open(minimalUseCase);
  const input = { useCase: tiny.useCase.id, executionId: 'm' };
  await takeWriterLease(tiny.services, tiny.useCase.id, 'a batch');
  await expect(maintain(tiny.services, tiny.useCase, input)).rejects.toThrow(WriterBusyError);
  tiny.pass(20 * 60_000);
  await maintain(tiny.services, tiny.useCase, input);
  await expect(takeWriterLease(tiny.services, tiny.useCase.id, 'a batch')).resolves.toMatchObject({
    holder: 'a batch',
  });
});

/** Lets statements that begin with a word fail with these reasons, in turn, before it runs them. */
function failing(athena: Athena, reasons: Readonly<Record<string, string[]>>): Athena {
  const failed = new Map<string, string>();
  return {
    ...athena,
    async start(sql, options) {
      const reason = reasons[sql.split(' ', 1)[0]!]?.shift();
      if (!reason) return athena.start(sql, options);
      failed.set(`failed-${failed.size}`, reason);
      return `failed-${failed.size - 1}`;
    },
    async end(queryId) {
      const reason = failed.get(queryId);
      return reason ? { queryId, state: 'FAILED', reason, scannedBytes: 0 } : athena.end(queryId);
    },
  };
}
