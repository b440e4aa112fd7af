import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnRoles } from '../../../lifecycle/datasets/infer-columns.ts';
import { readCandidate } from '../../../lifecycle/training/read-candidate.ts';
import { type TrainingWatcher, trainFile } from '../../../lifecycle/training/train-file.ts';
import { readMetadata } from '../../../ml/onnx/read-metadata.ts';
import { createRandom } from '../../../ml/random.ts';
import { type ClientsOptions, writeClients } from './write-clients.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-train-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const boosting = { trees: 30, maxDepth: 4 };

function train(
  clients: ClientsOptions,
  watcher: Partial<TrainingWatcher> = {},
  seed = 1,
  changes: Partial<ColumnRoles> = {},
) {
  const path = join(folder, 'clients.csv');
  writeClients(path, clients);
  const roles = { label: 'answer', positive: 'yes', exclude: ['client'], categorical: ['region'], ...changes };
  const candidate = readCandidate('gradient-boosting', boosting);
  const deaf = { onTable() {}, onFold() {}, onFit() {}, onExport() {} };
  return trainFile({ file: { path }, ...roles, candidate, folds: 4, seed, threads: 1 }, { ...deaf, ...watcher });
}

test('each step is told when it is done', async () => {
  const told: string[] = [];

  const { metrics } = await train(
    { rows: 300, seed: 1 },
    {
      onTable: ({ labels }) => told.push(`${labels.length} rows`),
      onFold: fold => told.push(`fold ${fold}`),
      onFit: ({ trees }) => told.push(`fit of ${trees} trees`),
      onExport: ({ parity }) => told.push(`export ${parity <= 1e-5}`),
    },
  );

  expect(told).toEqual(['300 rows', 'fold 1', 'fold 2', 'fold 3', 'fold 4', 'fit of 30 trees', 'export true']);
  expect(metrics.roc_auc).toBeGreaterThan(0.75);
});

test('labels without any relation to the features are not predicted', async () => {
  const random = createRandom(3);
  const { metrics } = await train({
    rows: 400,
    seed: 2,
    change: client => ({ ...client, answer: random.integer(2) === 0 ? 'yes' : 'no' }),
  });

  // A model that had seen these rows would know them by heart; 400 rows have a standard error of .03.
  expect(Math.abs(metrics.roc_auc - 0.5)).toBeLessThan(0.1);
});

test('rows of one entity are in one fold', async () => {
  // Four rows of each client, whose answer has to do with nothing but who it is.
  const random = createRandom(4);
  const answers = Array.from({ length: 150 }, () => (random.integer(2) === 0 ? 'yes' : 'no'));
  const change = (client: Record<string, string>, row: number) => {
    const who = row % 150;
    return { ...client, who: String(who), income: String(who * 7.3), answer: answers[who]! };
  };
  const asked = await train({ rows: 600, seed: 6, change }, {}, 1, { entity: 'who' });
  const leaking = await train({ rows: 600, seed: 6, change }, {}, 1, { exclude: ['client', 'who'] });

  expect(leaking.metrics.roc_auc).toBeGreaterThan(0.7);
  expect(Math.abs(asked.metrics.roc_auc - 0.5)).toBeLessThan(0.15);
});

test('a model says in its own file what it is made of and how it decides', async () => {
  const { exported } = await train({ rows: 200, seed: 4 }, {}, 9);

  const metadata = readMetadata(exported.onnx);
  expect(metadata).toMatchObject({
    'perennial.label': 'answer',
    'perennial.positive': 'yes',
    'perennial.negative': 'no',
    'perennial.threshold': '0.5',
    'perennial.algorithm': 'gradient-boosting',
    'perennial.seed': '9',
  });
  expect(JSON.parse(metadata['perennial.parameters']!)).toMatchObject({ ...boosting, learningRate: 0.1 });
  expect(JSON.parse(metadata['perennial.features']!)).toEqual([
    { name: 'age', type: 'integer' },
    { name: 'income', type: 'number' },
    { name: 'job', type: 'category' },
    { name: 'owner', type: 'category' },
    { name: 'region', type: 'category' },
  ]);
});

test('neither the delimiter nor blanks around a value matter', async () => {
  const first = await train({ rows: 100, seed: 5 });
  const padded = await train({
    rows: 100,
    seed: 5,
    delimiter: ',',
    change: client => ({ ...client, job: ` ${client.job} ` }),
  });

  expect(padded.exported.sha256).toBe(first.exported.sha256);
});
