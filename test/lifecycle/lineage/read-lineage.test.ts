import type { Batch } from '../../../lifecycle/datasets/batch.ts';
import { emptyTable } from '../../../lifecycle/datasets/batch.ts';
import type { DatasetManifest } from '../../../lifecycle/datasets/manifest.ts';
import {
  FileNotIngestedError,
  readFileLineage,
  readPredictionLineage,
  readVersionLineage,
} from '../../../lifecycle/lineage/read-lineage.ts';
import { partition, sequenceKey } from '../../../lifecycle/registry/keys.ts';
import { register } from '../../../lifecycle/registry/register.ts';
import { readVersion } from '../../../lifecycle/registry/versions.ts';
import { appendEntry } from '../../../lifecycle/release/ledger.ts';
import { claimRelease } from '../../../lifecycle/release/releases.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { collectEvents } from '../../collect-events.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from '../inference/loans.ts';
import { runExperiment, trainingServices } from '../training/run-experiment.ts';
import { writeLoans } from '../training/write-loans.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
const clock = { now: () => new Date('2026-03-02T03:00:00.000Z'), real: (ms: number) => ms };

async function putBatch(number: number, name: string, status: Batch['status']): Promise<void> {
  const key = `landing/loans/${name}`;
  const file = { key, etag: 'e', sha256: `${number}`.repeat(64), rows: 10, rejected: 1, problem: null };
  const counts = { rows: 10, rejected: 1, conflicts: 0, duplicates: 0, relabelled: 0, expected: 9 };
  const batch: Batch = {
    ...{ number, status, counts, files: [file], executionId: 'e', plannedAt: '2026-03-01T00:00:00.000Z' },
    ...{ refusal: null, slices: [], attempt: 1, queryIds: [], labels: null, table: emptyTable },
  };
  await registry.put({ pk: partition('loans', 'batch'), sk: sequenceKey(number), ...batch });
}

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
  // Batches 1 and 2 are in the dataset; 3 was refused, 4 came later.
  for (const [index, status] of (['complete', 'complete', 'refused', 'complete'] as const).entries()) {
    await putBatch(index + 1, `file-${index + 1}.csv`, status);
  }
  const manifestKey = await writeLoans(objects, { rows: 900, seed: 6 });
  const context = { executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };
  const services = trainingServices({ objects, registry, clock }, 'the trainer');
  const { model } = await runExperiment(services, loans, { manifestKey, ...context });
  await register(
    { registry, objects, clock, events: collectEvents() },
    { ...context, useCase: 'loans', runId: model!.runId },
  );
  await claimRelease(registry, {
    ...{ useCase: 'loans', version: 1, strategy: 'all-at-once', policy: loans.release, requestId: 'r' },
    ...{ requestedAt: '2026-03-02T03:00:00.000Z', requestedBy: 'execution' },
  });
  const { modelSha256, threshold } = await readVersion(registry, 'loans', 1);
  const champion = { name: 'champion', version: 1, modelSha256, threshold, share: 1 };
  await appendEntry(registry, 'loans', {
    ...{ entry: 1, at: '2026-03-02T04:00:00.000Z', by: 'execution', decision: 'promoted', version: 1, release: 1 },
    ...{ running: null, reason: 'the first', evidence: {} },
    routing: { salt: 's', variants: [champion], shadow: null, aliases: {} },
  });
});
afterAll(() => embedded.stop());

const kindsOf = (lineage: { nodes: readonly { kind: string }[] }) => lineage.nodes.map(({ kind }) => kind);

test('a version comes from files by batches, snapshot, dataset, experiment and run, and went into releases and predictions', async () => {
  const lineage = await readVersionLineage({ registry, objects }, 'loans', 1);
  expect(kindsOf(lineage)).toEqual([
    ...['file', 'file', 'batch', 'batch', 'snapshot', 'dataset', 'experiment', 'program', 'run', 'version'],
    ...['release', 'predictions'],
  ]);
  const version = await readVersion(registry, 'loans', 1);
  const manifest = await objects.readJson<DatasetManifest>(version.manifestKey);
  const { runId, tags } = version;
  expect(lineage.edges).toEqual(
    expect.arrayContaining([
      { from: 'file:landing/loans/file-1.csv', to: 'batch:1' },
      { from: 'batch:2', to: `snapshot:${manifest.snapshotId}` },
      { from: `snapshot:${manifest.snapshotId}`, to: `dataset:${manifest.datasetId}` },
      { from: `program:${tags.code_version}`, to: expect.stringMatching(/^experiment:/) },
      { from: `run:${runId}`, to: 'version:1' },
      { from: 'version:1', to: 'release:1' },
      { from: 'version:1', to: 'predictions:entry 1' },
    ]),
  );
  const known = new Set(lineage.nodes.map(({ id }) => id));
  expect(lineage.edges.filter(({ from, to }) => !known.has(from) || !known.has(to))).toEqual([]);
  expect(lineage.nodes.at(-1)!.detail).toBe('100 % of the units as champion, 2026-03-02T04:00:00.000Z to now');
});

test('a prediction leads back to the files, and to nothing that came of them otherwise', async () => {
  const lineage = await readPredictionLineage(
    { registry, objects },
    {
      ...{ useCase: 'loans', predictionId: 'p1', version: 1, variant: 'champion', probability: 0.25 },
      at: '2026-03-02T05:00:00.000Z',
    },
  );
  expect(kindsOf(lineage)).toEqual([
    ...['file', 'file', 'batch', 'batch', 'snapshot', 'dataset', 'experiment', 'program', 'run', 'version'],
    'prediction',
  ]);
});

test.each(['file-2.csv', 'landing/loans/file-2.csv', '2'.repeat(64)])(
  'the file %s leads to the version',
  async name => {
    const lineage = await readFileLineage({ registry, objects }, 'loans', name);
    expect(kindsOf(lineage)).toEqual([
      ...['file', 'batch', 'snapshot', 'dataset', 'experiment', 'run', 'version', 'release', 'predictions'],
    ]);
  },
);

test('a file that no model was trained on leads no further than its batch', async () => {
  expect(kindsOf(await readFileLineage({ registry, objects }, 'loans', 'file-3.csv'))).toEqual(['file', 'batch']);
  await expect(readFileLineage({ registry, objects }, 'loans', 'le-3.csv')).rejects.toThrow(FileNotIngestedError);
});
