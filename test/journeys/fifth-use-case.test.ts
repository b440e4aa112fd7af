import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Summary } from '../../local/start/summary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'perennial-fifth-'));

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Everything that is deployed or runs it. */
const parts = [
  ...['contracts', 'ml', 'use-cases', 'lifecycle', 'platform', 'lambdas', 'state-machines', 'infra', 'local', 'cli'],
  ...['cdk.json', 'package.json', 'tsconfig.json'],
];

const fifth = `import { defineUseCase } from './define-use-case.ts';
import { chance, logistic, pick } from './distributions.ts';

/** Will a parcel come late? */
export default defineUseCase({
  id: 'parcel-delay',
  title: 'Parcel delay: which parcel comes late',
  entity: { name: 'parcel', column: 'parcel_id' },
  features: {
    weight_kg: { type: 'number', range: [0, 100], meaning: 'Weight' },
    stops: { type: 'integer', range: [0, 50], meaning: 'Depots on the way' },
    service: { type: 'category', levels: ['economy', 'express'], meaning: 'What was paid for' },
    is_abroad: { type: 'boolean', meaning: 'Crosses a border' },
  },
  label: { column: 'late', meaning: 'Came late', positive: 'yes', negative: 'no', delayDays: 7, absentMeans: 'unknown' },
  excluded: { delivered_at: 'Known only once it has come' },
  source: {
    synthetic: {
      historyRows: 4_000,
      batchRows: 500,
      draw: random => ({
        weight_kg: 30 * random.uniform(),
        stops: random.integer(8),
        service: pick(random, { economy: 3, express: 1 }),
        is_abroad: chance(random, 0.2),
      }),
      law: ({ stops, service, is_abroad }) =>
        logistic(0.4 * Number(stops) - 3 + (service === 'express' ? -1 : 0) + (is_abroad ? 1.5 : 0)),
    },
  },
  training: {
    window: { mode: 'all' },
    folds: 3,
    seed: 1,
    metric: 'roc_auc',
    candidates: [{ algorithm: 'logistic-regression', C: 1 }],
    minimumRows: 500,
    minimumPositives: 50,
  },
  decision: { currency: 'EUR', profit: { truePositive: 2, falsePositive: -1, trueNegative: 0, falseNegative: 0 } },
  schedules: { lifecycle: 'rate(1 day)', maintain: 'rate(7 days)', timeZone: 'UTC' },
});
`;

test('a fifth use case is one new file: it is ingested, trained, released and served beside the others', async () => {
  for (const part of parts) cpSync(join(root, part), join(project, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  writeFileSync(join(project, 'use-cases/parcel-delay.ts'), fifth);

  const ports = ['--port', '0', '--aws-port', '0'];
  const state = ['--state', join(project, 'state')];
  const args = ['local/start/start.ts', '--once', '--use-case', 'parcel-delay', ...ports, ...state];
  const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project, env });

  const { metrics, prediction, ...summary } = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Summary;
  expect(summary).toMatchObject({ useCase: 'parcel-delay', version: 1, rows: 4_000 });
  expect(metrics.holdout?.roc_auc).toBeGreaterThan(0.7);
  expect(prediction).toMatchObject({ version: 1, variant: 'champion', imputed: [], unseen: [] });
}, 240_000);
