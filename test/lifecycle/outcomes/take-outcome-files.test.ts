import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Outcome } from '../../../lifecycle/outcomes/outcome.ts';
import { readOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { takeOutcomeFiles } from '../../../lifecycle/outcomes/take-outcome-files.ts';
import { archive } from '../../../lifecycle/predictions/archive.ts';
import { type Lake, type OpenUseCase, startLake, today } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

async function logged({ services, useCase }: OpenUseCase): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const range = { from: new Date(today), to: new Date(Date.parse(today) + 3_600_000) };
  for await (const outcome of readOutcomes(services.predictions, useCase.id, range)) outcomes.push(outcome);
  return outcomes;
}

const header = 'observation_id,prediction_id,label,observed_at\n';

test('files of every kind are logged, bad rows and files are in quarantine with their reasons', async () => {
  const tiny = await lake.open(minimalUseCase);
  await tiny.drop('outcomes/a.csv', `${header}o-1,,yes,2026-06-01\no-2,,maybe,2026-06-01\no-3,,no\n`);
  const line = {
    observation_id: 'o-4',
    label: 1,
    observed_at: '2026-06-01T10:00:00Z',
    note: 'more columns do no harm',
  };
  await tiny.drop('outcomes/day/b.ndjson', `${JSON.stringify(line)}\n`);
  const column = (name: string, data: unknown[], type: 'STRING' | 'BOOLEAN' | 'TIMESTAMP') => ({ name, data, type });
  const parquet = parquetWriteBuffer({
    columnData: [
      column('observation_id', ['o-5'], 'STRING'),
      column('label', [false], 'BOOLEAN'),
      column('observed_at', [new Date('2026-06-02T00:00:00.000Z')], 'TIMESTAMP'),
    ],
  });
  await tiny.drop('outcomes/c.parquet', new Uint8Array(parquet));
  await tiny.drop('outcomes/d.xlsx', 'no');
  expect(await takeOutcomeFiles(tiny.services, tiny.useCase)).toEqual({ files: 4, outcomes: 3, rejected: 3 });
  const outcomes = await logged(tiny);
  expect(Object.fromEntries(outcomes.map(({ observationId, label }) => [observationId, label]))).toEqual({
    ...{ 'o-1': 1, 'o-4': 1, 'o-5': 0 },
  });
  expect(outcomes.find(({ observationId }) => observationId === 'o-1')).toMatchObject({
    ...{ observedAt: '2026-06-01T00:00:00.000Z', receivedAt: today },
    by: `landing/${tiny.useCase.id}/outcomes/a.csv`,
  });
  expect(await tiny.keys('landing')).toEqual([]);
  const names = (keys: string[]) => keys.map(key => key.slice(key.lastIndexOf('/') + 1)).sort();
  expect(names(await tiny.keys('ingested'))).toEqual(['a.csv', 'b.ndjson', 'c.parquet']);
  const quarantined = await tiny.keys('quarantine');
  expect(names(quarantined)).toEqual(['a.csv.rows.ndjson', 'd.xlsx', 'd.xlsx.rows.ndjson']);
  const rowsOf = async (name: string) => {
    const key = quarantined.find(key => key.endsWith(name))!;
    const bytes = await tiny.services.objects.read(`quarantine/${tiny.useCase.id}/${key}`);
    return new TextDecoder()
      .decode(bytes)
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
  };
  expect(await rowsOf('a.csv.rows.ndjson')).toMatchObject([
    { row: 2, reason: expect.stringContaining('label is "maybe"') },
    { row: 3, reason: expect.stringContaining('expected 4 as in the header') },
  ]);
  expect(await rowsOf('d.xlsx.rows.ndjson')).toMatchObject([{ row: null, reason: expect.stringContaining('ends in') }]);
});

test('ingest leaves them alone; the archive takes them, once', async () => {
  const tiny = await lake.open(minimalUseCase);
  await tiny.drop('outcomes/a.csv', `${header}o-1,,yes,2026-06-01\n`);
  expect(await tiny.ingest('one')).toMatchObject({ proceed: false, files: 0 });
  const run = () =>
    archive(tiny.services, tiny.useCase, { useCase: tiny.useCase.id, executionId: 'archive', startedAt: today });
  expect(await run()).toMatchObject({ files: { files: 1, outcomes: 1, rejected: 0 }, through: null });
  expect(await run()).toMatchObject({ files: { files: 0 } });
  // The same file again tells nothing new.
  tiny.pass(60_000);
  await tiny.drop('outcomes/again.csv', `${header}o-1,,yes,2026-06-01\n`);
  expect(await run()).toMatchObject({ files: { files: 1, outcomes: 1 } });
  expect(await logged(tiny)).toHaveLength(1);
});
