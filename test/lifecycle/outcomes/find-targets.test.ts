import { findTargets } from '../../../lifecycle/outcomes/find-targets.ts';
import { createOutcome, type Outcome } from '../../../lifecycle/outcomes/outcome.ts';
import { predictionsTable } from '../../../use-cases/table-schemas.ts';
import { type Lake, startLake } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

const archived = '01970000-8d7b-7abc-8def-0123456789ff';
const nowhere = '01970000-8d7b-7abc-8def-0123456789fe';

test('targets are found in the archive and among observations, whatever their ids are made of', async () => {
  const { useCase, services, drop, ingest } = await lake.open(minimalUseCase);
  await drop('a.csv', `id,amount,visits,plan,member,churned\n"o'1",1,1,pro,ja,yes\n`);
  await ingest('one');
  const { name } = predictionsTable(useCase);
  await services.athena.execute(
    `INSERT INTO ${name} (prediction_id, "at", observation_id) VALUES ('${archived}', TIMESTAMP '2025-05-23 10:00:00.000', 'asked')`,
  );
  const told = (target: Partial<Outcome>) =>
    createOutcome({
      ...{ useCase: useCase.id, predictionId: null, observationId: null, label: 1, by: 'key' },
      ...{ observedAt: '2026-06-01T00:00:00.000Z', receivedAt: '2026-06-02T00:00:00.000Z' },
      ...target,
    });
  const outcomes = [
    ...[archived, nowhere].map(predictionId => told({ predictionId })),
    ...["o'1", 'asked', 'none', 'x'.repeat(250)].map(observationId => told({ observationId })),
    ...Array.from({ length: 900 }, (_, index) => told({ observationId: `${'é'.repeat(200)}${index}` })),
  ];
  const found = await findTargets(services, useCase.id, outcomes);
  expect(found).toEqual(new Set([`prediction:${archived}`, "observation:o'1", 'observation:asked']));
}, 60_000);
