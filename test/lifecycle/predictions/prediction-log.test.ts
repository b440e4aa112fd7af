import type { LoggedPrediction } from '../../../contracts/http.ts';
import { predictionPartition } from '../../../lifecycle/predictions/prediction-id.ts';
import {
  logPredictions,
  PredictionLogError,
  PredictionNotFoundError,
  readPrediction,
} from '../../../lifecycle/predictions/prediction-log.ts';
import { connectTable, type Key, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { examplePrediction } from './example-prediction.ts';

let services: EmbeddedServices;
let table: Table;
const at = new Date();
/** What is tested is what is written, not how fast. */
const patient = { deadlineMs: 30_000 };

beforeAll(async () => {
  services = await startEmbeddedServices();
  table = connectTable('predictions', { attempts: 2 });
});
afterAll(() => services.stop());

function prediction(changes: Partial<LoggedPrediction> = {}): LoggedPrediction {
  const features = { age: 40, income: -1.5, job: 'Müller "x"', owner: null };
  return examplePrediction({ at: at.toISOString(), features, ...changes });
}

describe('the prediction log', () => {
  test('gives back what was logged, by id alone', async () => {
    const plain = prediction();
    const full = prediction({
      ...{ imputed: ['owner'], unseen: ['job'], entityId: 'c-1', observationId: 'o-1', scoringMs: 0.25 },
      failed: { variant: 'challenger', version: 4, reason: 'error' },
    });
    await logPredictions(table, [plain, full], patient);
    await expect(readPrediction(table, 'loans', plain.predictionId)).resolves.toEqual(plain);
    await expect(readPrediction(table, 'loans', full.predictionId.toUpperCase())).resolves.toEqual(full);
  });

  test('keeps items for thirty days, features as one string', async () => {
    const logged = prediction();
    await logPredictions(table, [logged], patient);
    const pk = predictionPartition('loans', logged.predictionId);
    const item = await table.get<Key>({ pk, sk: logged.predictionId });
    expect(item).toMatchObject({
      features: JSON.stringify(logged.features),
      expires_at: Math.floor(at.getTime() / 1_000) + 2_592_000,
    });
    expect(item).not.toHaveProperty('entityId');
  });

  test('takes a thousand at once', async () => {
    const many = Array.from({ length: 1_000 }, () => prediction());
    await logPredictions(table, many, patient);
    await expect(readPrediction(table, 'loans', many[0]!.predictionId)).resolves.toEqual(many[0]);
    await expect(readPrediction(table, 'loans', many[999]!.predictionId)).resolves.toEqual(many[999]);
  });

  test.each([['latest'], ['019ca93a-8d7b-7abc-8def-0123456789ff'], ['']])('has no prediction %j', async id => {
    await expect(readPrediction(table, 'loans', id)).rejects.toThrow(PredictionNotFoundError);
  });

  test("does not give out another use case's predictions", async () => {
    const logged = prediction();
    await logPredictions(table, [logged], patient);
    await expect(readPrediction(table, 'churn', logged.predictionId)).rejects.toThrow(
      `Use case "churn" has no prediction "${logged.predictionId}"`,
    );
  });

  test('gives up on a table that does not answer, and keeps what it could not write', async () => {
    const silent: Table = {
      ...table,
      putMany: (_, { signal } = {}) =>
        new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    };
    // The deadline's own timer does not keep a process alive.
    const alive = setInterval(() => {}, 1_000);
    const logged = [prediction(), prediction()];
    const failure = await logPredictions(silent, logged, { deadlineMs: 20 }).catch(error => error);
    clearInterval(alive);
    expect(failure).toBeInstanceOf(PredictionLogError);
    expect(failure.predictions).toBe(logged);
  });

  test('gives up on a table that is not there', async () => {
    await expect(logPredictions(connectTable('nowhere', { attempts: 2 }), [prediction()], patient)).rejects.toThrow(
      /^Cannot log 1 predictions within 30000 ms: /,
    );
  });
});
