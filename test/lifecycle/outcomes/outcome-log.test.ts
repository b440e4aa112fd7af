import { createOutcome, latestOutcomes, type Outcome, outcomeOf } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes, readFirstDay, readOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let services: EmbeddedServices;
let table: Table;
let useCases = 0;

beforeAll(async () => {
  services = await startEmbeddedServices();
  table = connectTable('predictions');
});
afterAll(() => services.stop());

function outcome(changes: Partial<Outcome> = {}): Outcome {
  return createOutcome({
    ...{ useCase: 'loans', predictionId: 'p-1', observationId: null, label: 1, by: 'key-1' },
    ...{ observedAt: '2026-03-01T12:00:00.000Z', receivedAt: '2026-03-02T10:30:00.000Z' },
    ...changes,
  });
}

async function collect(useCase: string, from: string, to: string): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for await (const item of readOutcomes(table, useCase, { from: new Date(from), to: new Date(to) })) found.push(item);
  return found;
}

describe('the outcome log', () => {
  test('gives back what was received in a time range', async () => {
    const useCase = `loans-${++useCases}`;
    const at = (receivedAt: string, predictionId: string) => outcome({ useCase, receivedAt, predictionId });
    const outcomes = [
      at('2026-03-02T09:59:59.999Z', 'early'),
      at('2026-03-02T10:00:00.000Z', 'first'),
      at('2026-03-02T11:29:59.999Z', 'last'),
      at('2026-03-02T11:30:00.000Z', 'late'),
    ];
    expect(await logOutcomes(table, outcomes)).toEqual(Array(4).fill('accepted'));
    const found = await collect(useCase, '2026-03-02T10:00:00.000Z', '2026-03-02T11:30:00.000Z');
    expect(found).toEqual(outcomes.slice(1, 3));
  });

  test('tells the first day on which it received one', async () => {
    const useCase = `loans-${++useCases}`;
    expect(await readFirstDay(table, useCase)).toBeUndefined();
    const days = ['2026-03-02T23:59:59.999Z', '2026-02-28T10:00:00.000Z', '2026-03-01T00:00:00.000Z'];
    await logOutcomes(
      table,
      days.map(receivedAt => outcome({ useCase, receivedAt, predictionId: receivedAt })),
    );
    expect(await readFirstDay(table, useCase)).toBe('2026-02-28');
  });

  test('knows an outcome again, hours later and within one call', async () => {
    const useCase = `loans-${++useCases}`;
    const told = outcome({ useCase });
    expect(await logOutcomes(table, [told, told])).toEqual(['accepted', 'duplicate']);
    const again = outcome({ useCase, receivedAt: '2026-03-02T15:00:00.000Z', by: 'key-2' });
    expect(await logOutcomes(table, [again, outcome({ useCase, label: 0 })])).toEqual(['duplicate', 'accepted']);
    expect(await collect(useCase, '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z')).toHaveLength(2);
  });

  test('is told again what was logged without its receipt', async () => {
    const useCase = `loans-${++useCases}`;
    let calls = 0;
    const dying: Table = {
      ...table,
      putMany: (items, options) => (++calls === 1 ? table.putMany(items, options) : Promise.reject(new Error('Dead'))),
    };
    await expect(logOutcomes(dying, [outcome({ useCase })])).rejects.toThrow('Dead');
    expect(await logOutcomes(table, [outcome({ useCase })])).toEqual(['accepted']);
    expect(await collect(useCase, '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z')).toHaveLength(1);
  });
});

describe('of several outcomes of a target', () => {
  test('the last observed counts, of those the last received', () => {
    const old = outcome({ observedAt: '2026-03-01T10:00:00.000Z', receivedAt: '2026-03-05T00:00:00.000Z' });
    const counted = outcome({ label: 0, receivedAt: '2026-03-04T00:00:00.000Z' });
    const other = outcome({ predictionId: null, observationId: 'p-1' });
    const latest = latestOutcomes([counted, outcome(), old, other]);
    expect(latest).toEqual(
      new Map([
        ['prediction:p-1', counted],
        ['observation:p-1', other],
      ]),
    );
  });

  test('the positive one counts where both are told at once, whichever is read first', () => {
    const both = [outcome({ label: 0 }), outcome({ label: 1 })];
    for (const told of [both, both.toReversed()]) {
      expect(latestOutcomes(told).get('prediction:p-1')).toMatchObject({ label: 1 });
    }
  });

  test('one may be told by the observation of a prediction', () => {
    const byObservation = outcome({ predictionId: null, observationId: 'o-1', observedAt: '2026-03-03T00:00:00.000Z' });
    const latest = latestOutcomes([outcome(), byObservation]);
    expect(outcomeOf(latest, { predictionId: 'p-1', observationId: 'o-1' })).toBe(byObservation);
    expect(outcomeOf(latest, { predictionId: 'p-1', observationId: null })).toEqual(outcome());
    expect(outcomeOf(latest, { predictionId: 'p-2', observationId: null })).toBeUndefined();
  });
});
