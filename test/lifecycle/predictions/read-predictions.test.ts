import type { LoggedPrediction } from '../../../contracts/http.ts';
import { hoursBetween } from '../../../lifecycle/predictions/log-hours.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { readPredictions } from '../../../lifecycle/predictions/read-predictions.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { examplePrediction } from './example-prediction.ts';

let services: EmbeddedServices;
let table: Table;

beforeAll(async () => {
  services = await startEmbeddedServices();
  table = connectTable('predictions');
});
afterAll(() => services.stop());

/** A prediction at each instant. */
async function predictAt(...instants: string[]): Promise<LoggedPrediction[]> {
  const predictions = instants.map(at => examplePrediction({ at }));
  await logPredictions(table, predictions, { deadlineMs: 30_000 });
  return predictions;
}

async function collect(from: string, to: string): Promise<LoggedPrediction[]> {
  const found: LoggedPrediction[] = [];
  for await (const prediction of readPredictions(table, 'loans', { from: new Date(from), to: new Date(to) })) {
    found.push(prediction);
  }
  return found;
}

test('predictions of a time range come hour by hour, from its start and before its end', async () => {
  const [, first, second, last] = await predictAt(
    '2026-01-02T09:59:59.999Z',
    '2026-01-02T10:00:00.000Z',
    '2026-01-02T11:00:00.000Z',
    '2026-01-02T12:29:59.999Z',
    '2026-01-02T12:30:00.000Z',
  );
  expect(await collect('2026-01-02T10:00:00.000Z', '2026-01-02T12:30:00.000Z')).toEqual([first, second, last]);
});

test('scores of shadows are no predictions', async () => {
  const [prediction] = await predictAt('2026-01-03T10:00:00.000Z');
  const { pk } = { pk: `loans#2026-01-03T10#${Number.parseInt(prediction!.predictionId.slice(-2), 16) % 16}` };
  await table.put({ pk, sk: `${prediction!.predictionId}~7`, probability: 0.2 } as { pk: string; sk: string });
  expect(await collect('2026-01-03T00:00:00.000Z', '2026-01-04T00:00:00.000Z')).toEqual([prediction]);
});

test('a time range touches the hours that have an instant in it', () => {
  const at = new Date('2026-01-02T10:30:00.000Z');
  expect(hoursBetween(new Date('2026-01-02T10:00:00.000Z'), new Date('2026-01-02T10:00:00.000Z'))).toEqual([]);
  expect(hoursBetween(at, new Date('2026-01-02T12:00:00.000Z'))).toEqual(['2026-01-02T10', '2026-01-02T11']);
});
