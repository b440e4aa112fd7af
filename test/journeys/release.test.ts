import { hash, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDeployment, type Deployment } from '../../cli/deployment.ts';
import type { PredictResponse } from '../../contracts/http.ts';
import { readModelCard, readModelFile, writeModelFiles } from '../../lifecycle/registry/model-files.ts';
import { claimVersion, readVersion } from '../../lifecycle/registry/versions.ts';
import { appendEntry, nextEntry, readLatestEntry, readLedger } from '../../lifecycle/release/ledger.ts';
import { readRelease } from '../../lifecycle/release/releases.ts';
import { startRelease } from '../../lifecycle/release/request-release.ts';
import type { FaultRule } from '../../local/faults.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import { fillRelease, type ReleaseDefinition } from '../../use-cases/release-policy.ts';
import { writeSmallModel } from '../lifecycle/inference/small-model.ts';
import { synthesize } from '../synthesize.ts';
import { Perennial, type Serving } from './perennial.ts';
import { writeBankFile } from './write-bank-file.ts';

/** Milliseconds that a test may take on a machine that has much else to do. */
const patience = 600_000;

const useCase = bankMarketing.id;
const perennial = new Perennial(synthesize());
const folder = mkdtempSync(join(tmpdir(), 'perennial-files-'));
let serving: Serving;
let deployment: Deployment;

beforeAll(async () => {
  const file = join(folder, 'clients.csv');
  writeBankFile(file, { rows: 3_000, seed: 1 });
  await serve([], ['--data', file]);
}, patience);
afterAll(async () => {
  await perennial.dispose();
  rmSync(folder, { recursive: true });
});

/** Starts it, and connects to what runs. */
async function serve(faults: readonly FaultRule[] = [], args: readonly string[] = []): Promise<void> {
  serving = await perennial.serve(args, faults);
  deployment = await connectDeployment({ state: perennial.state });
}

/** Starts it to be killed, which may be before it has said that it serves. */
async function serveUntilKilled(kill: FaultRule): Promise<void> {
  try {
    await serve([kill]);
  } catch {
    return;
  }
  expect(await serving.ended).toMatchObject({ signal: 'SIGKILL' });
}

/** Steps of seconds, judged all the time. */
const brief: NonNullable<ReleaseDefinition['release']> = {
  steps: [0.3, 0.6],
  bakeMinutes: 0.04,
  judgeMinutes: 0.02,
  minimumRequests: 20,
};

test(
  'a canary that is as good as the champion goes to everybody, and no request fails while shares move',
  async () => {
    const onnx = await readModelFile(deployment.objects, await readVersion(deployment.registry, useCase, 1));
    const version = await register(onnx);
    const caller = keepCalling();
    const ended = await release(version, { ...brief, steps: ['shadow', 0.3, 0.6] });
    await caller.answeredBy(version);
    const answers = await caller.stop();
    expect(ended).toMatchObject({ status: 'promoted', gate: 'passed' });
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const variants = new Set(answers.map(({ variant }) => variant));
    expect(variants).toEqual(new Set(['champion', 'challenger']));
    expect(await decisions(ended.release)).toEqual(['started', 'shifted', 'shifted', 'shifted', 'promoted']);
  },
  patience,
);

test.each([
  ['throws', { numbers: { age: 0.01 }, categories: { job: { '': 0 } }, unseenFails: true }, 'errors'],
  ['answers NaN', { numbers: { age: Number.NaN } }, 'no probability'],
  ['answers everybody alike', { numbers: { age: 0 }, intercept: -2 }, 'every score is'],
  ['is slow', { numbers: { age: 0.01 }, intercept: -2, detours: 10_000 }, '95 % of calls'],
])(
  'one that %s is taken back by the machine, and no request fails',
  async (_, model, reason) => {
    const champion = (await readLatestEntry(deployment.registry, useCase))!.routing!.variants[0]!.version;
    const version = await register(writeSmallModel(model));
    await letPass(version, champion);
    const caller = keepCalling();
    const ended = await release(version, {
      ...brief,
      steps: [0.5],
      minimumRequests: 1_000,
      limits: { latencyFloorMs: 2 },
    });
    const answers = await caller.stop();
    expect(ended).toMatchObject({ status: 'rolled back', reason: expect.stringContaining(reason) });
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await readLatestEntry(deployment.registry, useCase))!.routing!.variants).toMatchObject([
      { version: champion },
    ]);
  },
  240_000,
);

test(
  'killed with kill -9 at its steps, a release goes on with the next start, and nothing is decided twice',
  async () => {
    const { routing } = (await readLatestEntry(deployment.registry, useCase))!;
    const version = await register(
      await readModelFile(deployment.objects, { useCase, modelSha256: routing!.variants[0]!.modelSha256 }),
    );
    await letPass(version, routing!.variants[0]!.version);
    const caller = keepCalling();
    const { release: number } = await start(version, {
      ...brief,
      steps: [0.5],
      minimumRequests: 0,
      limits: { newDifferenceShare: 1 },
    });
    serving.child.kill('SIGKILL');
    await serving.ended;
    const kills: FaultRule[] = [
      { function: 'Judge', action: 'dynamodb:PutItem', when: 'after', do: 'kill-process' },
      { function: 'Advance', action: 'dynamodb:PutItem', when: 'after', do: 'kill-process' },
    ];
    for (const kill of kills) await serveUntilKilled(kill);
    await serve();
    const ended = await end(number);
    await caller.stop();
    expect(ended.status).toBe('promoted');
    expect(await decisions(number)).toEqual(['started', 'shifted', 'promoted']);
  },
  patience,
);

let made = 0;

/** Registers a model as the next version; the gate has not seen it. */
async function register(onnx: Uint8Array): Promise<number> {
  const { registry, objects } = deployment;
  const { version: _, ...base } = await readVersion(registry, useCase, 1);
  const modelSha256 = hash('sha256', onnx, 'hex');
  await writeModelFiles(objects, { ...(await readModelCard(objects, base)), modelSha256 }, onnx);
  const claim = { ...base, runId: `made-${++made}`, modelSha256, modelBytes: onnx.length };
  return (await claimVersion(registry, claim)).version;
}

/** Puts a gate's decision that lets the version pass, whatever it is. */
async function letPass(version: number, champion: number): Promise<void> {
  const scoreDifference = { rows: 1_000, mean: 0, low: -1, high: 1, championSpread: 0.2 };
  const decided = { at: new Date().toISOString(), by: 'the test', version, release: null, reason: 'so' };
  const evidence = { champion: { version: champion, scoreDifference } };
  const latest = await readLatestEntry(deployment.registry, useCase);
  await appendEntry(deployment.registry, useCase, nextEntry(latest, { ...decided, decision: 'passed', evidence }));
}

function start(version: number, policy: ReleaseDefinition['release']) {
  const request = { version, by: 'the test', requestId: randomUUID() };
  return startRelease(deployment, { ...bankMarketing, release: fillRelease(policy) }, request);
}

async function release(version: number, policy: ReleaseDefinition['release']) {
  return end((await start(version, policy)).release);
}

/** Waits until a release has ended. */
async function end(number: number) {
  for (;;) {
    const release = await readRelease(deployment.registry, useCase, number);
    if (release.status !== 'running') return release;
    await sleep(100);
  }
}

/** What the ledger says of a release, in order. */
async function decisions(number: number): Promise<string[]> {
  const ledger = await readLedger(deployment.registry, useCase);
  return ledger
    .filter(({ release }) => release === number)
    .map(({ decision }) => decision)
    .reverse();
}

interface Answer {
  readonly status: number;
  readonly version?: number;
  readonly variant?: string;
}

const callers: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const caller of callers.splice(0)) await caller.stop();
});

/** Asks for predictions of made-up clients, four at a time, with a pause after each; a time in which nobody listens passes. */
function keepCalling() {
  const answers: Answer[] = [];
  let goesOn = true;
  const call = async () => {
    while (goesOn) {
      const answer = await predict();
      if (answer) answers.push(answer);
      await sleep(15);
    }
  };
  const calls = [call(), call(), call(), call()];
  const caller = {
    async answeredBy(version: number): Promise<void> {
      while (!answers.some(answer => answer.version === version && answer.variant === 'champion')) await sleep(50);
    },
    async stop(): Promise<readonly Answer[]> {
      goesOn = false;
      await Promise.all(calls);
      return answers;
    },
  };
  callers.push(caller);
  return caller;
}

async function predict(): Promise<Answer | undefined> {
  const client = {
    age: 20 + Math.floor(Math.random() * 60),
    balance: Math.floor(Math.random() * 5_000),
    job: 'student',
  };
  try {
    const response = await fetch(`${serving.url}/use-cases/${useCase}/predictions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serving.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ instances: [client] }),
    });
    const { predictions } = (await response.json()) as Partial<PredictResponse>;
    return { status: response.status, version: predictions?.[0]?.version, variant: predictions?.[0]?.variant };
  } catch (error) {
    // By name: the error of fetch is of another realm than the tests.
    if ((error as Error).name !== 'TypeError') throw error;
    return undefined;
  }
}
