import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { PredictResponse } from '../../contracts/http.ts';
import type { OutcomeMessage, OutcomesResponse } from '../../contracts/outcomes.ts';
import type { FaultRule } from '../../local/faults.ts';
import { synthesize } from '../synthesize.ts';
import { readLeftBehind } from './left-behind.ts';
import { type End, Perennial, type Serving } from './perennial.ts';
import { queryLake } from './query-lake.ts';
import { writeBankFile } from './write-bank-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-outcomes-'));
const file = join(folder, 'clients.csv');
const rows = 1_500;
writeBankFile(file, { rows, seed: 1 });
const assembly = synthesize();
/** An hour in twelve seconds. */
const perennial = new Perennial(assembly, { speed: 300 });
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

/** Predictions, each of which gets an outcome. */
const predicted = 200;
/** Observations whose labels are corrected. */
const corrected = 3;

type Point = Omit<FaultRule, 'do'>;

const staging: Point = {
  ...{ function: 'Archive', action: 's3:PutObject', resource: '*staging/bank-marketing/predictions/*', when: 'after' },
};
/** Ends of the archive's thread, each at another step of a run that goes on after it. */
const archiveCrashes: readonly Point[] = [
  { function: 'Archive', action: 'dynamodb:PutItem', when: 'after' },
  { function: 'Archive', action: 'glue:UpdateTable', resource: '*_outcomes', when: 'before' },
  { function: 'Archive', action: 's3:DeleteObject', when: 'before' },
];
/** And of those that score a batch. */
const scoringCrashes: readonly Point[] = [
  { function: 'PlanScoring', action: 'dynamodb:PutItem', when: 'after' },
  { function: 'ScorePart', action: 's3:PutObject', resource: '*/scores/*', when: 'after' },
  { function: 'ScorePart', action: 's3:PutObject', resource: '*/results/*', when: 'after' },
  { function: 'AppendScores', action: 'athena:StartQueryExecution', when: 'after' },
  { function: 'AppendScores', action: 's3:DeleteObject', when: 'after' },
];

test('killed in the middle of archive, MERGE and batch scoring, it loses nothing and does nothing twice', async () => {
  await perennial.once(['--data', file]);

  const asked = await perennial.serve();
  const told = [...(await predictAndObserve(asked)), ...(await observeCorrections())];
  const results = await tell(asked, told);
  // The first command has made a prediction too. On a machine with much else to do, some may not have been logged in time.
  const logged = 1 + results.filter(result => result === 'accepted').length - corrected;
  expect(results.filter(result => result === 'duplicate' || result === 'rejected')).toEqual([]);
  expect(logged).toBeGreaterThan(1);
  asked.child.kill('SIGKILL');
  await asked.ended;

  const insert = kill({ function: 'Archive', action: 'athena:StartQueryExecution', when: 'after' });
  const archiving = await perennial.serve([], [crash(staging), insert]);
  // The hours go by; once there is something to archive, the process is killed.
  await repeat(['archive'], archiving.ended);

  const merge = kill({ function: 'Ingest', action: 'glue:UpdateTable', resource: '*_observations', when: 'before' });
  const merging = await perennial.serve([], [merge, ...archiveCrashes.map(crash)]);
  // Once the outcomes are archived, a lifecycle has labels to merge.
  await repeat(['archive', 'lifecycle'], merging.ended);

  const scoring = await perennial.serve([], scoringCrashes.map(crash));
  const scored = await perennial.cli(['score-batch', 'bank-marketing', '--json']);
  expect({ ...scored, stdout: JSON.parse(scored.stdout) }).toMatchObject({ stdout: { output: { batch: 1, rows } } });
  expect(await tell(scoring, told)).toEqual(Array(told.length).fill('duplicate'));
  expect(await countArchived()).toEqual([logged, logged, told.length, told.length]);
  const labelled = 'SELECT count(*), sum(label) FROM bank_marketing_observations WHERE label_seq = 2';
  expect(await count(labelled)).toEqual([corrected, corrected]);
  const scores = 'SELECT count(*), count(DISTINCT observation_id) FROM bank_marketing_scores';
  expect(await count(scores)).toEqual([rows, rows]);

  scoring.child.kill('SIGINT');
  expect(await scoring.ended).toMatchObject({ code: 0 });
  // An execution that is run again after a kill may be at work beside another, and one strike ends both their threads.
  const strikes = 1 + archiveCrashes.length + scoringCrashes.length;
  expect(perennial.endedThreads()).toBeGreaterThanOrEqual(strikes);
  expect(await readLeftBehind(perennial.state)).toMatchObject({
    batch: 'complete',
    batches: 2,
    landing: 0,
    staging: 0,
  });
}, 600_000);

function kill(point: Point): FaultRule {
  return { ...point, do: 'kill-process' };
}

function crash(point: Point): FaultRule {
  return { ...point, do: 'kill-worker' };
}

/** Runs machines in turn, again and again, until the process is killed. */
async function repeat(machines: readonly string[], ended: Promise<End>): Promise<void> {
  let end: End | undefined;
  void ended.then(ending => {
    end = ending;
  });
  const client = new SFNClient({ ...perennial.clientSettings(), maxAttempts: 1 });
  for (let turn = 0; !end; turn++) {
    try {
      await runToEnd(client, machines[turn % machines.length]!);
    } catch {
      // Nobody listens any more.
      await ended;
    }
  }
  expect(end).toMatchObject({ signal: 'SIGKILL' });
}

async function runToEnd(client: SFNClient, machine: string): Promise<void> {
  const started = new StartExecutionCommand({
    stateMachineArn: `arn:aws:states:us-east-1:000000000000:stateMachine:Perennial-${machine}`,
    input: JSON.stringify({ useCase: 'bank-marketing', trigger: 'manual' }),
  });
  const { executionArn } = await client.send(started);
  const isRunning = async () =>
    (await client.send(new DescribeExecutionCommand({ executionArn }))).status === 'RUNNING';
  while (await isRunning()) await sleep(100);
}

async function call<Answer>({ url, key }: Serving, path: string, body: object): Promise<Answer> {
  const response = await fetch(`${url}/use-cases/bank-marketing/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  expect({ status: response.status, answer }).toMatchObject({ status: 200 });
  return answer as Answer;
}

/** A time before any on the journey's clock, which is ahead. */
const observedAt = new Date().toISOString();

/** Makes predictions, and says how each turned out. */
async function predictAndObserve(serving: Serving): Promise<OutcomeMessage[]> {
  const told: OutcomeMessage[] = [];
  while (told.length < predicted) {
    const instances = Array.from({ length: 20 }, (_, index) => ({ age: 20 + index }));
    const { predictions } = await call<PredictResponse>(serving, 'predictions', { instances });
    told.push(...predictions.map(({ predictionId }, index) => ({ predictionId, label: index % 3 === 0, observedAt })));
  }
  return told;
}

async function observeCorrections(): Promise<OutcomeMessage[]> {
  const negatives = 'SELECT observation_id FROM bank_marketing_observations WHERE label = 0 ORDER BY observation_id';
  const ids = await queryLake(perennial.clientSettings(), `${negatives} LIMIT ${corrected}`);
  return ids.map(([observationId]) => ({ observationId: observationId!, label: 'yes', observedAt }));
}

async function tell(serving: Serving, outcomes: readonly OutcomeMessage[]): Promise<string[]> {
  const answer = await call<OutcomesResponse>(serving, 'outcomes', { outcomes });
  return answer.outcomes.map(({ result }) => result);
}

async function count(sql: string): Promise<number[]> {
  const [row] = await queryLake(perennial.clientSettings(), sql);
  return row!.map(Number);
}

/** Predictions and outcomes in the archive, all and different ones. */
async function countArchived(): Promise<number[]> {
  return [
    ...(await count('SELECT count(*), count(DISTINCT prediction_id) FROM bank_marketing_predictions')),
    ...(await count('SELECT count(*), count(DISTINCT outcome_id) FROM bank_marketing_outcomes')),
  ];
}
