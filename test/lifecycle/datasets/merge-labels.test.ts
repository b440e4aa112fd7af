import { createOutcome, type Outcome } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { archive } from '../../../lifecycle/predictions/archive.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { examplePrediction } from '../predictions/example-prediction.ts';
import { type Lake, type OpenUseCase, startLake } from './lake.ts';
import { minimalUseCase } from './minimal-use-case.ts';
import { dieAt } from './mortal.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const header = 'id,at,amount,visits,plan,member,churned\n';
const row = (id: string, label: string, amount = 1) => `${id},2026-05-01,${amount},1,pro,ja,${label}\n`;

async function open(changes: Partial<UseCase> = {}): Promise<OpenUseCase> {
  const tiny = await lake.open({ ...minimalUseCase, ...changes });
  await tiny.drop('first.csv', header + row('known', 'yes') + row('open', ''));
  await tiny.ingest('first', { startedAt: '2026-06-15T06:00:00.000Z' });
  return tiny;
}

/** Tells outcomes at 10:30, if they do not say otherwise, and archives them at 12:30. */
async function tell({ services, useCase }: OpenUseCase, ...told: Partial<Outcome>[]): Promise<void> {
  const at = '2026-06-15T10:30:00.000Z';
  const common = { useCase: useCase.id, predictionId: null, observationId: null, label: 1, by: 'key' } as const;
  const outcomes = told.map(outcome => createOutcome({ ...common, observedAt: at, receivedAt: at, ...outcome }));
  await logOutcomes(services.predictions, outcomes);
  await archiveAt({ services, useCase } as OpenUseCase, '2026-06-15T12:30:00.000Z');
}

function archiveAt({ services, useCase }: OpenUseCase, startedAt: string) {
  return archive(services, useCase, { useCase: useCase.id, executionId: 'archive', startedAt });
}

async function labels(tiny: OpenUseCase): Promise<object> {
  const rows = await tiny.rows();
  return Object.fromEntries(rows.map(({ observation_id, label, label_seq }) => [observation_id, [label, label_seq]]));
}

describe('labels that outcomes tell', () => {
  test('are positive where both are told at once', async () => {
    const tiny = await open();
    await tell(tiny, { observationId: 'open', label: 1 }, { observationId: 'open', label: 0 });
    await tiny.ingest('second');
    expect(await labels(tiny)).toMatchObject({ open: ['1', '2'] });
  });

  test('reach observations as a batch of its own, and what is told again changes nothing', async () => {
    const tiny = await open();
    await tell(tiny, { observationId: 'open' }, { observationId: 'nowhere' });
    expect(await tiny.ingest('second')).toMatchObject({
      proceed: true,
      ingestSeq: 2,
      files: 0,
      inserted: 0,
      labelled: 1,
    });
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], open: ['1', '2'] });
    expect((await tiny.rows())[1]).toMatchObject({ labelled_at: '2026-06-15 10:30:00.000', ingest_seq: '1' });
    expect(await tiny.ingest('third')).toMatchObject({ ingestSeq: 2 });
    // An outcome without a target is looked at once, and again when there are new rows.
    await tiny.drop('more.csv', header + row('nowhere', ''));
    await tiny.ingest('fourth');
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], nowhere: ['1', '3'], open: ['1', '2'] });
  }, 60_000);

  test('are corrected by the one last observed, then last received; a file gives way to what came after it', async () => {
    const tiny = await open();
    const hour = (hours: number) => `2026-06-15T${String(hours).padStart(2, '0')}:00:00.000Z`;
    await tell(
      tiny,
      { observationId: 'open', label: 0, observedAt: hour(4), receivedAt: hour(9) },
      { observationId: 'open', label: 1, observedAt: hour(3), receivedAt: hour(10) },
      // Before the file was ingested: its label is newer.
      { observationId: 'known', label: 0, observedAt: hour(2), receivedAt: hour(3) },
    );
    await tiny.ingest('second');
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], open: ['0', '2'] });
    const corrected = { observedAt: '2026-06-15T12:00:00.000Z', receivedAt: '2026-06-15T12:40:00.000Z' };
    await tell(tiny, { observationId: 'open', ...corrected }, { observationId: 'known', label: 0, ...corrected });
    await archiveAt(tiny, '2026-06-15T13:30:00.000Z');
    await tiny.ingest('third');
    expect(await labels(tiny)).toEqual({ known: ['0', '3'], open: ['1', '3'] });
    const history = `SELECT count(*) AS told FROM ${tiny.useCase.id.replaceAll('-', '_')}_outcomes`;
    expect(await tiny.services.athena.query(history)).toEqual([{ told: '5' }]);
  }, 60_000);

  test('reach the observation that a prediction was asked about', async () => {
    const tiny = await open();
    const [asked, other] = ['open', null].map(observationId =>
      examplePrediction({ at: '2026-06-15T09:00:00.000Z', observationId, useCase: tiny.useCase.id }),
    );
    await logPredictions(tiny.services.predictions, [asked!, other!], { deadlineMs: 30_000 });
    await tell(tiny, { predictionId: asked!.predictionId }, { predictionId: other!.predictionId });
    await tiny.ingest('second');
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], open: ['1', '2'] });
  }, 60_000);

  test('whichever call ingest dies after, they come once', async () => {
    const tiny = await open();
    await tell(tiny, { observationId: 'open' });
    let deaths = 0;
    for (let calls = 1; ; calls++) {
      const mortal = dieAt(calls);
      const { athena, objects, registry } = tiny.services;
      const dying = {
        ...tiny.services,
        ...{ athena: mortal.wrap(athena), objects: mortal.wrap(objects), registry: mortal.wrap(registry) },
      };
      await tiny.ingest('second', {}, dying).catch(() => {});
      if (!mortal.isDead()) break;
      deaths++;
    }
    expect(deaths).toBeGreaterThan(8);
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], open: ['1', '2'] });
  }, 120_000);
});

describe('a row that comes again', () => {
  test('only brings the label that its row has not yet', async () => {
    const tiny = await open();
    await tiny.drop('again.csv', header + row('known', '') + row('open', 'no') + row('open', 'no') + row('open', ''));
    expect(await tiny.ingest('second')).toMatchObject({ inserted: 0, rejected: 0, duplicates: 3, proceed: true });
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], open: ['0', '2'] });
  }, 60_000);

  test('conflicts when it knows another label, or has other values', async () => {
    const tiny = await open({ quality: { maxRejectedShare: 1 } });
    await tiny.drop(
      'again.csv',
      header + row('known', 'no') + row('open', 'yes', 2) + row('open', 'no') + row('open', 'yes'),
    );
    expect(await tiny.ingest('second')).toMatchObject({ inserted: 0, rejected: 3 });
    expect(await labels(tiny)).toEqual({ known: ['1', '1'], open: ['0', '2'] });
  }, 60_000);

  test('brings the label of a row of the same batch', async () => {
    const tiny = await open();
    await tiny.drop('new.csv', header + row('new', '') + row('new', 'yes'));
    expect(await tiny.ingest('second')).toMatchObject({ inserted: 1, rejected: 0 });
    expect(await labels(tiny)).toMatchObject({ new: ['1', '2'] });
  }, 60_000);
});
