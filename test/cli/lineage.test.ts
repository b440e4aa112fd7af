import { emptyTable } from '../../lifecycle/datasets/batch.ts';
import { createPredictionIds } from '../../lifecycle/predictions/prediction-id.ts';
import { partition, sequenceKey } from '../../lifecycle/registry/keys.ts';
import { type DeploymentWorld, startDeployment } from './deployment-world.ts';

const useCase = 'bank-marketing';

/** Of now: an older one would be looked for in the archive. */
const newId = createPredictionIds({ now: () => new Date(), real: ms => ms })();

let world: DeploymentWorld;
beforeAll(async () => {
  world = await startDeployment();
  const file = { key: `landing/${useCase}/clients.csv`, etag: 'e', sha256: 'ab'.repeat(32), rows: 10, rejected: 1 };
  const batch = {
    ...{ number: 1, status: 'refused', executionId: 'e', plannedAt: '2026-03-01T00:00:00.000Z', refusal: 'too many' },
    counts: { rows: 10, rejected: 1, conflicts: 0, duplicates: 0, relabelled: 0, expected: 9 },
    files: [{ ...file, problem: null }],
    ...{ slices: [], attempt: 1, queryIds: [], labels: null, table: emptyTable },
  };
  await world.registry.put({ pk: partition(useCase, 'batch'), sk: sequenceKey(1), ...batch });
});
afterAll(() => world.stop());

test('perennial lineage shows what came of a file, as text, Mermaid and JSON', async () => {
  const text = await world.perennial('lineage', useCase, 'clients.csv');
  expect(text.stdout).toMatch(/^file +landing\/bank-marketing\/clients\.csv +10 rows, sha256 abababababab$/m);
  expect(text.stdout).toMatch(/^batch +1 +9 rows in, 1 rejected, 2026-03-01T00:00:00\.000Z, refused$/m);
  expect((await world.perennial('lineage', useCase, 'ab'.repeat(32), '--mermaid')).stdout).toBe(
    'flowchart LR\n  n0["file<br/>clients.csv"]\n  n1["batch<br/>1"]\n  n0 --> n1\n',
  );
  const { edges } = JSON.parse((await world.perennial('lineage', useCase, 'clients.csv', '--json')).stdout);
  expect(edges).toEqual([{ from: 'file:landing/bank-marketing/clients.csv', to: 'batch:1' }]);
});

test.each([
  ['7', 'Use case "bank-marketing" has no version 7'],
  ['nobody.csv', 'No batch of "bank-marketing" has brought a file "nobody.csv"'],
  [newId, `has no prediction "${newId}"`],
])('perennial lineage of %s, which there is not, says so', async (of, message) => {
  const { stderr, exitCode } = await world.perennial('lineage', useCase, of);
  expect(exitCode).toBe(1);
  expect(stderr).toContain(message);
});
