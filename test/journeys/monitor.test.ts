import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultRule } from '../../local/faults.ts';
import { createRandom } from '../../ml/random.ts';
import { connectTable } from '../../platform/table.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import { insertPredictions } from '../lifecycle/monitoring/monitored.ts';
import { examplePrediction } from '../lifecycle/predictions/example-prediction.ts';
import { synthesize } from '../synthesize.ts';
import { Perennial } from './perennial.ts';
import { queryLake } from './query-lake.ts';
import { writeBankFile } from './write-bank-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-monitor-'));
const perennial = new Perennial(synthesize());
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

const dayMs = 86_400_000;
const today = Math.floor(Date.now() / dayMs) * dayMs;
const windows = [today - dayMs, today].map(to => ({
  to,
  id: new Date(to).toISOString().slice(0, 'yyyy-mm-ddThh'.length),
}));

/** A thread's end in the middle of a report, an Athena that fails in its next try, and the end of the process once the report is written and nobody knows of it. */
const firstFaults: readonly FaultRule[] = [
  { function: 'MakeReport', action: 'athena:StartQueryExecution', nth: 3, when: 'after', do: 'kill-worker' },
  { function: 'MakeReport', action: 'athena:GetQueryResults', nth: 2, when: 'before', do: 'fail' },
  { function: 'MakeReport', action: 's3:PutObject', resource: '*/reports/*', when: 'after', do: 'kill-process' },
];
/** Ends of threads once the report counts, its decision is made, and is told of. */
const secondFaults: readonly FaultRule[] = [
  { function: 'MakeReport', action: 'dynamodb:PutItem', when: 'after', do: 'kill-worker' },
  { function: 'Decide', action: 'dynamodb:PutItem', when: 'after', do: 'kill-worker' },
  { function: 'Decide', action: 'events:PutEvents', when: 'after', do: 'kill-worker' },
];

test('drift in two windows in a row starts a lifecycle, once, whatever dies meanwhile; reports tell what was seen', async () => {
  for (const seed of [1, 2]) {
    const file = join(folder, `${seed}.csv`);
    writeBankFile(file, { rows: 2_000, seed });
    await perennial.once(['--data', file]);
  }
  const dying = await perennial.serve([], firstFaults);
  // The version before has yet to see the rows of the second file.
  await perennial.cli(['rollback', 'bank-marketing', '--to', '1', '--reason', 'to have something to learn']);

  expect(await monitor()).toMatchObject({ status: 'nothing' });
  await archiveWindow(windows[0]!.to);
  await perennial.cli(['monitor', 'bank-marketing', '--no-wait']);
  expect(await dying.ended).toMatchObject({ signal: 'SIGKILL' });
  const { url, key, child, ended } = await perennial.serve([], secondFaults);
  // What was cut off goes on, and another asks for the same.
  const first = await monitor();
  expect(first).toMatchObject({
    report: { reportId: windows[0]!.id, summary: expect.stringContaining('balance: distribution') },
    decision: { action: 'alert', lifecycle: null },
  });
  await archiveWindow(windows[1]!.to);
  const [second, third] = await Promise.all([monitor(), monitor()]);
  expect([second, third].map(({ report }) => report.status).sort()).toEqual(['made', 'present']);
  expect(third.decision).toEqual(second.decision);
  expect(second).toMatchObject({
    report: { reportId: windows[1]!.id },
    decision: { action: 'retrain', lifecycle: expect.stringContaining(`monitor-bank-marketing-${windows[1]!.id}-1`) },
  });
  expect(await monitor()).toMatchObject({
    report: { status: 'present' },
    decision: { lifecycle: second.decision.lifecycle },
  });

  const listed = await get(`${url}/use-cases/bank-marketing/reports`, key);
  expect(listed.reports.map(({ reportId, revision }) => `${reportId}.${revision}`)).toEqual([
    `${windows[1]!.id}.1`,
    `${windows[0]!.id}.1`,
  ]);
  expect(perennial.endedThreads()).toBe(4);
  const shown = await get(`${url}/use-cases/bank-marketing/reports/${windows[0]!.id}`, key);
  expect(shown).toMatchObject({ predictions: 400, decision: { action: 'alert' } });
  const { stdout } = await perennial.cli(['reports', 'show', 'bank-marketing', windows[1]!.id]);
  expect(stdout).toMatch(/drift +balance: distribution/);
  await perennial.cli(['reports', 'export', 'bank-marketing', '--sagemaker', folder]);
  const { violations } = JSON.parse(readFileSync(join(folder, 'constraint_violations.json'), 'utf8'));
  expect(violations).toContainEqual(expect.objectContaining({ feature_name: 'balance' }));
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['statistics.json', 'constraints.json']));
  child.kill('SIGINT');
  await ended;
}, 400_000);

async function monitor() {
  const { stdout, stderr } = await perennial.cli(['monitor', 'bank-marketing', '--json']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout).output;
}

/** Archives a day of clients with more money than those of the training rows. */
async function archiveWindow(to: number): Promise<void> {
  const random = createRandom(to / dayMs);
  const settings = perennial.clientSettings();
  const predictions = Array.from({ length: 400 }, (_, i) => {
    const drawn = bankMarketing.source.synthetic.draw(random);
    const features = { ...drawn, balance: Number(drawn.balance) + 2_000 };
    const probability = bankMarketing.source.synthetic.law(features);
    const at = new Date(to - dayMs + (i * dayMs) / 400).toISOString();
    return examplePrediction({ at, features, probability, version: 1, useCase: bankMarketing.id });
  });
  await queryLake(settings, insertPredictions(bankMarketing, predictions));
  const { endpoint, region, credentials } = settings;
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: endpoint, AWS_REGION: region },
    ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
  });
  const state = { number: 1, through: new Date(to).toISOString() };
  await connectTable('Perennial-registry').put({ pk: 'bank-marketing#archive', sk: 'state', ...state });
}

async function get(url: string, key: string): Promise<{ reports: { reportId: string; revision: number }[] }> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  return (await response.json()) as { reports: { reportId: string; revision: number }[] };
}
