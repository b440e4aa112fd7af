import { createPredictor } from '../../../lifecycle/inference/predict.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { replayAssignments } from '../../../lifecycle/release/replay.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { patientTable } from '../../patient-table.ts';
import { loans } from '../inference/loans.ts';
import { release, storeModel } from '../inference/publish-model.ts';
import { examplePrediction } from '../predictions/example-prediction.ts';

let embedded: EmbeddedServices;
let registry: Table;
let predictions: Table;
let objects: Objects;

beforeEach(async () => {
  embedded = await startEmbeddedServices();
  [registry, predictions] = [connectTable('registry'), patientTable(connectTable('predictions'))];
  objects = connectObjects(embedded.bucket);
});
afterEach(() => embedded.stop());

const begun = Date.parse('2026-03-01T10:00:00.000Z');
const range = { from: new Date(begun), to: new Date(begun + 3_600_000) };

const replay = (useCase = loans.id) => replayAssignments({ registry, predictions }, useCase, range);

/** A predictor by a clock that each look turns on by three seconds, so that every request finds the routing outdated. */
function startPredictor() {
  let looks = 0;
  const fail = (_: string, error: unknown) => {
    throw error;
  };
  return createPredictor({
    ...{ registry, objects, predictions, onRefreshFailed: fail, onLogFailed: fail, onVariantFailed: () => {} },
    clock: { now: () => new Date(begun + 3_000 * looks++), real: ms => ms },
  });
}

test('the ledger explains every assignment, also those made while shares moved and those of a variant that failed', async () => {
  const modelSha256 = await storeModel(objects, loans.id, { numbers: { age: 0 } });
  const broken = await storeModel(objects, loans.id, { numbers: { age: 0 }, intercept: Number.NaN });
  const predictor = startPredictor();
  for (const shares of [[1], [0.9, 0.1], [0.5, 0.3, 0.2], [0.5, 0.5]]) {
    await release(
      registry,
      loans.id,
      ...shares.map((share, index) => ({
        name: index === 0 ? 'champion' : `challenger-${index}`,
        ...{ share, version: index + 1, modelSha256: index === 2 ? broken : modelSha256 },
      })),
    );
    for (let request = 0; request < 5; request++) {
      const instances = Array.from({ length: 20 }, (_, row) => (row < 10 ? { client_id: `c-${request}-${row}` } : {}));
      await predictor.predict(loans, { instances });
    }
  }
  await expect(replay()).resolves.toEqual({ predictions: 400, pinned: 0, differences: 0, examples: [] });
});

test('an assignment that the ledger does not explain is found', async () => {
  const sha = 'a'.repeat(64);
  await release(
    registry,
    loans.id,
    { modelSha256: sha, version: 1, share: 0.5 },
    { modelSha256: sha, version: 2, share: 0.5 },
  );
  const at = '2026-03-01T10:20:00.000Z';
  const wrong = examplePrediction({ at, entityId: 'c-0', version: 1, variant: 'nobody' });
  const unknown = examplePrediction({ at, entry: 9 });
  const pinned = examplePrediction({ at, entry: 0, variant: 'pinned' });
  await logPredictions(predictions, [wrong, unknown, pinned], { deadlineMs: 30_000 });
  const { examples, ...counts } = await replay();
  expect(counts).toEqual({ predictions: 2, pinned: 1, differences: 2 });
  expect(examples).toHaveLength(2);
  expect(examples).toContainEqual({
    predictionId: wrong.predictionId,
    entry: 1,
    logged: { name: 'nobody', version: 1 },
    expected: { name: expect.stringMatching(/^cha/), version: expect.any(Number) },
  });
  expect(examples).toContainEqual(expect.objectContaining({ predictionId: unknown.predictionId, expected: null }));
});
