import { hash } from 'node:crypto';
import { claimDataset } from '../../../lifecycle/datasets/frozen-dataset.ts';
import type { DatasetManifest } from '../../../lifecycle/datasets/manifest.ts';
import { readDataset } from '../../../lifecycle/datasets/read-dataset.ts';
import { openModel } from '../../../lifecycle/inference/model-session.ts';
import { ForeignModelError, foreignModelLimit, requireModelSize } from '../../../lifecycle/registry/foreign-model.ts';
import { importModel, NoDatasetError } from '../../../lifecycle/registry/import-model.ts';
import { readModelCard, readModelFile } from '../../../lifecycle/registry/model-files.ts';
import { listVersions, readVersion } from '../../../lifecycle/registry/versions.ts';
import { gateVersion } from '../../../lifecycle/release/gate-version.ts';
import { splitRows } from '../../../lifecycle/training/split-rows.ts';
import { type Graph, mlDomain, type Node, writeModel } from '../../../ml/onnx/graph.ts';
import { bytesField, integerField, message, stringField } from '../../../ml/onnx/protobuf.ts';
import type { Events } from '../../../platform/events.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from '../inference/loans.ts';
import { writeSmallModel } from '../inference/small-model.ts';
import { writeLoans } from '../training/write-loans.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
let useCase: UseCase;
let manifestKey: string;
let count = 0;
const told: unknown[] = [];
const events: Events = { put: async (type, detail) => void told.push({ type, detail }) };
const clock = { now: () => new Date('2026-03-02T03:10:00.000Z'), real: (ms: number) => ms };

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
  manifestKey = await writeLoans(objects, { rows: 1_500, seed: 1 });
});
afterAll(() => embedded.stop());
beforeEach(async () => {
  useCase = { ...loans, id: `loans-${++count}` };
  await claimDataset(registry, useCase.id, await describeDataset());
});

async function describeDataset() {
  const { datasetId, contentHash, snapshotId, rows, positives, createdAt } =
    await objects.readJson<DatasetManifest>(manifestKey);
  return { datasetId, contentHash, manifestKey, snapshotId, rows, positives, createdAt };
}

const onnx = writeSmallModel({
  numbers: { age: 0.05, owner: 1 },
  categories: { job: { clerk: -1, nurse: 1 } },
  intercept: -3,
});
const features = [
  { name: 'age', type: 'integer' },
  { name: 'owner', type: 'boolean' },
  { name: 'job', type: 'category', levels: ['clerk', 'nurse'] },
];
const probability = 1 / (1 + Math.exp(-(2 + 1 + 1 - 3)));
const signature = { features, goldenRows: [{ instance: { age: 40, owner: true, job: 'nurse' }, probability }] };

function bring(changes: { onnx?: Uint8Array; signature?: unknown } = {}) {
  return importModel({ objects, registry, events, clock }, useCase, { onnx, signature, by: 'key-1', ...changes });
}

async function problemsOf(changes: { onnx?: Uint8Array; signature?: unknown }): Promise<readonly string[]> {
  const error = await bring(changes).catch(error => error);
  expect(error).toBeInstanceOf(ForeignModelError);
  expect(await listVersions(registry, useCase.id)).toEqual([]);
  return error.problems;
}

describe('a model that was made elsewhere', () => {
  test('becomes a version, measured on the holdout of the newest dataset', async () => {
    await expect(bring()).resolves.toEqual({ version: 1, isNew: true });
    const detail = expect.objectContaining({ useCase: useCase.id, version: 1, by: 'key-1' });
    expect(told).toContainEqual({ type: 'Version Registered', detail });
    await expect(objects.exists(`lineage/${useCase.id}/register/1.ndjson`)).resolves.toBe(true);

    const version = await readVersion(registry, useCase.id, 1);
    expect(version).toMatchObject({
      runId: null,
      parameters: null,
      manifestKey,
      modelSha256: hash('sha256', onnx, 'hex'),
      modelBytes: onnx.length,
      createdBy: 'key-1',
      tags: { row_count: 1_500, code_version: null },
    });
    const { entityIds } = await readDataset(objects, useCase, manifestKey);
    expect(version.metrics.outOfFold).toBeNull();
    expect(version.metrics.holdout.rows).toBe(splitRows(entityIds).holdoutRows.length);
    expect(version.metrics.holdout.metrics!.roc_auc.value).toBeGreaterThan(0.6);
    expect(version.threshold).toBeGreaterThan(0);
  });

  test('is stored with a card that says what it takes and how it answers', async () => {
    await bring();
    const name = await readVersion(registry, useCase.id, 1);
    const [card, stored] = await Promise.all([readModelCard(objects, name), readModelFile(objects, name)]);
    expect(Buffer.from(stored)).toEqual(Buffer.from(onnx));
    expect(card.signature.features).toEqual([
      expect.objectContaining({ name: 'age', type: 'integer', kind: 'number', range: [18, 77] }),
      expect.objectContaining({ name: 'owner', type: 'boolean', kind: 'number' }),
      expect.objectContaining({ name: 'job', type: 'category', kind: 'category', levels: ['clerk', 'nurse'] }),
    ]);
    expect(card.goldenRows[0]).toEqual(signature.goldenRows[0]);
    const session = await openModel(stored);
    const answers = await session.scoreInstances(card.goldenRows.map(({ instance }) => instance));
    await session.close();
    expect(card.goldenRows.length).toBeGreaterThan(5);
    expect([...answers]).toEqual(card.goldenRows.map(({ probability }) => expect.closeTo(probability, 6)));
  });

  test('is one version however often it is imported', async () => {
    await bring();
    await expect(bring()).resolves.toEqual({ version: 1, isNew: false });
    const other = writeSmallModel({ numbers: { age: 0.1 } });
    await expect(bring({ onnx: other, signature: { features: [features[0]] } })).resolves.toEqual({
      version: 2,
      isNew: true,
    });
  });

  test('is judged by the gate as any other, on the holdout alone', async () => {
    const law = writeSmallModel({
      numbers: { age: 1 / 20, income: 1 / 30_000, owner: 1 },
      categories: { job: { clerk: -0.8, farmer: 0, nurse: 0.8 } },
      intercept: -48 / 20 - 5 / 3 - 0.5 - 1,
    });
    const { version } = await bring({
      onnx: law,
      signature: { features: [...features, { name: 'income', type: 'number' }] },
    });
    const services = { objects, registry, clock };
    await expect(gateVersion(services, useCase, { version, executionId: 'someone' })).resolves.toMatchObject({
      status: 'passed',
      reason: expect.stringMatching(/better than the base rate's [\d.]+ \(by [\d.]+ at least\)/),
    });
  });

  test('needs a dataset to be measured on', async () => {
    useCase = { ...loans, id: `loans-${++count}` };
    await expect(bring()).rejects.toThrow(NoDatasetError);
  });
});

describe('a file is refused', () => {
  test('when it is too large', () => {
    expect(() => requireModelSize(foreignModelLimit)).not.toThrow();
    expect(() => requireModelSize(500e6)).toThrow('it has 500000000 bytes, at most 50000000 (50 MB) are accepted');
  });

  test.each([
    ['when it is cut off', onnx.subarray(0, onnx.length / 2)],
    ['when it is a text', new TextEncoder().encode('PK this is a zip file')],
    ['when it is empty', new Uint8Array()],
  ])('%s', async (_, onnx) => {
    await expect(problemsOf({ onnx })).resolves.toEqual([
      expect.stringMatching(/^its \d+ bytes are no whole ONNX file: /),
    ]);
  });

  test('when it takes other inputs than its signature says', async () => {
    const other = writeSmallModel({ numbers: { age: 1, income: 1 }, categories: { owner: { yes: 1 } } });
    await expect(problemsOf({ onnx: other })).resolves.toEqual([
      'input "owner" is string [N, 1], expected float32 [N, 1]',
      'no input "job", which the signature names as a feature',
      'inputs that the signature does not name as features: "income"',
    ]);
  });

  test('when it takes all features as one input', async () => {
    const wide = graphOf({ operator: 'Softmax', inputs: ['x'], outputs: ['probabilities'] });
    const problems = await problemsOf({
      onnx: writeModel({ ...wide, inputs: [{ name: 'x', element: 'float32', shape: ['N', 4] }] }),
    });
    expect(problems).toContain('inputs that the signature does not name as features: "x"');
  });

  test('when it answers no probabilities', async () => {
    const other = writeSmallModel({ numbers: { age: 1 }, output: 'scores' });
    await expect(problemsOf({ onnx: other, signature: { features: [features[0]] } })).resolves.toEqual([
      'no output "probabilities" (float32 [N, 2]: negative, positive), only "label", "scores"',
    ]);
  });

  test('when it uses an operator that is not on the list', async () => {
    const graph = graphOf(
      { operator: 'RandomNormalLike', inputs: ['age'], outputs: ['random'] },
      { operator: 'Loop', inputs: ['random'], outputs: ['looped'] },
      {
        operator: 'Concat',
        inputs: ['age', 'looped'],
        outputs: ['probabilities'],
        attributes: { axis: { integer: 1 } },
      },
    );
    await expect(problemsOf({ onnx: writeModel(graph), signature: { features: [features[0]] } })).resolves.toEqual([
      'operators that are not accepted: "RandomNormalLike", "Loop"',
    ]);
  });

  test('when its values are in another file, an operator has a graph of its own, or it defines operators', async () => {
    const weights = message(stringField(8, 'weights'), bytesField(13, stringField(1, 'location')), integerField(14, 1));
    const branch = message(stringField(4, 'Abs'), bytesField(5, bytesField(6, new Uint8Array())));
    const graph = message(bytesField(1, branch), bytesField(5, weights));
    const onnx = message(integerField(1, 8), bytesField(7, graph), bytesField(25, stringField(1, 'Mine')));
    const problems = await problemsOf({ onnx });
    expect(problems.slice(0, 3)).toEqual([
      'operators with a graph of their own: "Abs"',
      'values outside the file (external data) for "weights"; save it as one file',
      '1 functions or training graphs of its own; none are accepted',
    ]);
  });

  test('when the runtime cannot open it', async () => {
    const graph = graphOf({ operator: 'Concat', inputs: ['age', 'nothing'], outputs: ['probabilities'] });
    await expect(problemsOf({ onnx: writeModel(graph), signature: { features: [features[0]] } })).resolves.toEqual([
      expect.stringMatching(/^it cannot be opened: /),
    ]);
  });

  test('when it answers otherwise than its maker says', async () => {
    const goldenRows = [{ instance: { age: 40 }, probability: 0.1 }];
    await expect(problemsOf({ signature: { features, goldenRows } })).resolves.toEqual([
      expect.stringMatching(/^it answers 0\.268\d* for golden row 0, its signature says 0.1/),
    ]);
  });

  test('when it answers no probability where a value is missing', async () => {
    const graph = graphOf({
      operator: 'LinearClassifier',
      domain: mlDomain,
      inputs: ['age'],
      outputs: ['label', 'probabilities'],
      attributes: {
        coefficients: { floats: [-0.1, 0.1] },
        intercepts: { floats: [0, 0] },
        classlabels_ints: { integers: [0, 1] },
        post_transform: { text: 'LOGISTIC' },
      },
    });
    const problems = await problemsOf({ onnx: writeModel(graph), signature: { features: [features[0]] } });
    expect(problems).toEqual([expect.stringMatching(/^it answers NaN for .*"age":null.*missing values/)]);
  });
});

describe('a signature is refused', () => {
  test.each([
    ['that is nothing', undefined, 'its signature: Invalid input: expected object, received undefined'],
    ['without features', { features: [] }, 'its signature at features: Too small: expected array to have >=1 items'],
    [
      'with a misspelt feature',
      { features: [{ name: 'agee', type: 'integer' }] },
      'the use case has no feature "agee"; did you mean "age"?',
    ],
    [
      'with a leak',
      { features: [{ name: 'score', type: 'number' }] },
      'feature "score" must not be used: made from the label',
    ],
    [
      'with another type',
      { features: [{ name: 'age', type: 'category' }] },
      'feature "age" is category in its signature and integer in the use case',
    ],
    ['with a feature twice', { features: [features[0], features[0]] }, 'its signature names "age" twice'],
    [
      'with a golden row that is no request',
      { features, goldenRows: [{ instance: { age: 7 }, probability: 0.5 }] },
      'its golden row 0/age: expected an integer from 18 to 100, got 7',
    ],
  ])('%s', async (_, signature, problem) => {
    await expect(problemsOf({ signature })).resolves.toEqual([problem]);
  });
});

function graphOf(...nodes: readonly Node[]): Graph {
  return {
    name: 'test',
    inputs: [{ name: 'age', element: 'float32', shape: ['N', 1] }],
    outputs: [{ name: 'probabilities', element: 'float32', shape: ['N', 2] }],
    nodes,
  };
}
