import { hash } from 'node:crypto';
import { modelCardKey, modelKey } from '../../../lifecycle/inference/model-signature.ts';
import type { ModelCard } from '../../../lifecycle/registry/model-card.ts';
import { readModelCard, readModelFile, writeModelFiles } from '../../../lifecycle/registry/model-files.ts';
import { register } from '../../../lifecycle/registry/register.ts';
import { findFinishedRun, putRun } from '../../../lifecycle/registry/runs.ts';
import { readVersion, type Version } from '../../../lifecycle/registry/versions.ts';
import { gateVersion } from '../../../lifecycle/release/gate-version.ts';
import { appendEntry, type LedgerEntry, readLatestEntry, readLedger } from '../../../lifecycle/release/ledger.ts';
import { queueRelease } from '../../../lifecycle/release/request-release.ts';
import { versionStatus } from '../../../lifecycle/release/version-status.ts';
import { planExperiment } from '../../../lifecycle/training/plan-experiment.ts';
import { refit } from '../../../lifecycle/training/refit.ts';
import { trainTrial } from '../../../lifecycle/training/train-trial.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { collectEvents } from '../../collect-events.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { loans } from '../inference/loans.ts';
import { writeSmallModel } from '../inference/small-model.ts';
import { trainingServices } from '../training/run-experiment.ts';
import { type LoansOptions, writeLoans } from '../training/write-loans.ts';
import { createReleaseWorld } from './release-world.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
let useCase: UseCase;
let count = 0;
const clock = { now: () => new Date('2026-03-02T03:10:00.000Z'), real: (ms: number) => ms };
const execution = { executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());
beforeEach(() => {
  useCase = { ...loans, id: `loans-${++count}` };
});

interface VersionOptions extends Partial<LoansOptions> {
  /** The program that trained. */
  readonly code?: string;
  /** The dataset that it is said to be trained on. @default - the one it is */
  readonly manifestKey?: string;
}

/** Registers a version of the use case that was trained as the options say. */
async function addVersion({ manifestKey, ...options }: VersionOptions = {}): Promise<Version> {
  const { card, onnx, run } = await trainOnce(options);
  await writeModelFiles(objects, { ...card, useCase: useCase.id }, onnx);
  await putRun(registry, { ...run, useCase: useCase.id, manifestKey: manifestKey ?? run.manifestKey });
  const services = { registry, objects, clock, events: collectEvents() };
  const { version } = await register(services, { ...execution, useCase: useCase.id, runId: run.runId });
  return readVersion(registry, useCase.id, version);
}

const trained = new Map<string, ReturnType<typeof trainLoans>>();

function trainOnce(options: Omit<VersionOptions, 'manifestKey'>) {
  const key = JSON.stringify(options);
  trained.set(key, trained.get(key) ?? trainLoans(options));
  return trained.get(key)!;
}

/** Makes the model of a trial, selected or not. */
async function trainLoans({ code = 'trainer', ...options }: Omit<VersionOptions, 'manifestKey'>) {
  const manifestKey = await writeLoans(objects, { rows: 2_000, seed: 1, ...options });
  const services = trainingServices({ objects, registry, clock }, code);
  const input = { ...execution, useCase: 'loans' };
  const { experimentId } = await planExperiment(services, loans, {
    ...{ ...input, request: {}, datasetId: 'd', manifestKey },
  });
  const { runId } = await trainTrial(services, loans, { ...input, experimentId, trial: 0 });
  await refit(services, loans, { ...input, runId });
  const run = (await findFinishedRun(registry, 'loans', runId))!;
  const model = { useCase: 'loans', modelSha256: run.model!.modelSha256 };
  const [card, onnx] = await Promise.all([readModelCard(objects, model), readModelFile(objects, model)]);
  return { run, card, onnx };
}

function gate(version: number, services = { objects, registry, clock }, anew = false) {
  return gateVersion(services, useCase, { version, executionId: execution.executionId, anew });
}

/** Lets the version answer everyone if it passes. */
async function deploy(version: number) {
  const answer = await gate(version);
  const request = { version, strategy: 'all-at-once', by: 'execution', requestId: `release of ${version}` } as const;
  if (answer.status === 'passed') await queueRelease(createReleaseWorld({ objects, registry }), useCase, request);
  return answer;
}

async function latestRouting() {
  return (await readLatestEntry(registry, useCase.id))?.routing;
}

test('the first version that beats the base rate answers everyone', async () => {
  const { version, modelSha256, threshold } = await addVersion();
  expect(await deploy(version)).toMatchObject({ status: 'passed', version: 1, entry: 1 });
  const [promotion, start, decision] = await readLedger(registry, useCase.id);
  expect(promotion).toMatchObject({ at: '2026-03-02T03:10:00.000Z', by: 'execution', decision: 'promoted' });
  expect(promotion!.routing).toEqual({
    salt: expect.stringMatching(/^[0-9a-f]{16}$/),
    variants: [{ name: 'champion', version, modelSha256, threshold, share: 1 }],
    shadow: null,
    aliases: {},
  });
  expect(start).toMatchObject({ decision: 'started', release: 1, running: 1, routing: null });
  expect(decision).toMatchObject({ decision: 'passed', release: null, running: null, routing: null });
  expect(decision!.evidence).toMatchObject({
    smoke: { goldenRows: 8, unusable: 0, largestDifference: expect.any(Number) },
    holdout: { rows: expect.any(Number), positives: expect.any(Number) },
    cost: { latencyMs: expect.any(Number), modelBytes: expect.any(Number) },
    baseRate: { improvementLowerEnd: expect.any(Number) },
    champion: null,
    checks: expect.any(Array),
  });
});

test('a version trained as the champion was takes over, and the salt stays', async () => {
  await deploy((await addVersion()).version);
  const before = await latestRouting();
  const { version } = await addVersion({ code: 'other code' });
  expect(await deploy(version)).toMatchObject({ status: 'passed', version: 2, entry: 4 });
  const [{ routing }, , { evidence }] = (await readLedger(registry, useCase.id)) as [LedgerEntry, unknown, LedgerEntry];
  expect(evidence).toMatchObject({ champion: { version: 1, differenceLowerEnd: 0, margin: 0.005 } });
  expect(routing).toMatchObject({ salt: before!.salt, variants: [{ version: 2, share: 1 }] });
});

test('a version trained on more rows takes over', async () => {
  await deploy((await addVersion()).version);
  expect(await deploy((await addVersion({ rows: 3_000 })).version)).toMatchObject({ status: 'passed', version: 2 });
});

test('a version trained on labels without signal never answers, be it the first or not', async () => {
  const first = await addVersion({ withoutSignal: true });
  expect(await deploy(first.version)).toMatchObject({
    status: 'rejected',
    reason: expect.stringContaining("not reliably better than the base rate's"),
  });
  expect(await latestRouting()).toBeNull();
  await deploy((await addVersion()).version);
  const champion = await latestRouting();
  const other = await addVersion({ withoutSignal: true, rows: 2_100 });
  expect(await deploy(other.version)).toMatchObject({
    status: 'rejected',
    entry: 5,
    reason: expect.stringContaining('may be worse than champion v2'),
  });
  expect(await latestRouting()).toEqual(champion);
});

test('a version trained while features were blank does not replace one that has them', async () => {
  const { version, manifestKey } = await addVersion();
  await deploy(version);
  const broken = await addVersion({ blank: ['age', 'income'], manifestKey });
  expect(await deploy(broken.version)).toMatchObject({
    status: 'rejected',
    reason: expect.stringContaining('may be worse than champion v1'),
  });
});

test('a holdout that is too small is insufficient data', async () => {
  const { version } = await addVersion({ rows: 500 });
  expect(await deploy(version)).toMatchObject({
    status: 'rejected',
    reason: expect.stringMatching(/^insufficient data: \d+ holdout rows/),
  });
});

test('a version is decided on once, however often it is asked for', async () => {
  const { version } = await addVersion();
  const first = await gate(version);
  await gate((await addVersion({ code: 'other code' })).version);
  expect(await gate(version)).toEqual(first);
  expect(await readLedger(registry, useCase.id)).toHaveLength(2);
});

test('a version that was decided on against another champion is decided on again where that is asked for', async () => {
  const [first, second] = [await addVersion(), await addVersion({ code: 'other code' })];
  const before = await gate(second.version);
  await deploy(first.version);
  expect(await gate(second.version)).toEqual(before);
  const after = await gate(second.version, { objects, registry, clock }, true);
  expect(await gate(second.version, { objects, registry, clock }, true)).toEqual(after);
  expect(after.entry).toBeGreaterThan(before.entry);
  expect((await readLatestEntry(registry, useCase.id))!.evidence).toMatchObject({ champion: { version: 1 } });
});

test('decisions on a version at once put one entry', async () => {
  const { version } = await addVersion();
  const answers = await Promise.all([gate(version), gate(version), gate(version)]);
  expect(new Set(answers.map(({ entry }) => entry))).toEqual(new Set([1]));
  expect(await readLedger(registry, useCase.id)).toHaveLength(1);
});

test('decisions on two versions at once put two entries', async () => {
  const versions = [await addVersion(), await addVersion({ code: 'other code' })];
  const answers = await Promise.all(versions.map(({ version }) => gate(version)));
  expect(answers.map(({ status }) => status)).toEqual(['passed', 'passed']);
  expect(await readLedger(registry, useCase.id)).toHaveLength(2);
});

test('a decision that another one overtakes is made anew', async () => {
  const { version } = await addVersion();
  let isFirst = true;
  const overtaken: Table = {
    ...registry,
    async put(item, condition) {
      if (isFirst) {
        isFirst = false;
        const entry = {
          entry: 1,
          at: '',
          by: 'a person',
          decision: 'rejected',
          version: 99,
          release: null,
          running: null,
        } as const;
        await appendEntry(registry, useCase.id, { ...entry, reason: '', routing: null, evidence: {} });
      }
      await registry.put(item, condition);
    },
  };
  const answer = await gate(version, { objects, registry: overtaken, clock });
  expect(answer).toMatchObject({ status: 'passed', entry: 2 });
});

test('the gate comes to the same end whichever call it dies after', async () => {
  const { version } = await addVersion();
  const { answer, deaths } = await retryThroughEveryDeath({ objects, registry, clock }, dying => gate(version, dying));
  expect(answer).toMatchObject({ status: 'passed', version, entry: 1 });
  expect(deaths).toBeGreaterThan(6);
  expect(await readLedger(registry, useCase.id)).toHaveLength(1);
});

test.each([
  ['missing', 'ObjectNotFoundError', (key: string) => objects.delete(key)],
  ['damaged', 'CorruptModelError', (key: string) => objects.write(key, 'damaged')],
])('a version of which the model is %s is an error, and the champion stays', async (_, name, harm) => {
  await deploy((await addVersion()).version);
  const champion = await latestRouting();
  const { version, modelSha256 } = await addVersion({ seed: 2 });
  await harm(modelKey(useCase.id, modelSha256));
  await expect(deploy(version)).rejects.toMatchObject({ name });
  expect(await latestRouting()).toEqual(champion);
  expect(await readLedger(registry, useCase.id)).toHaveLength(3);
});

test.each(['{', '{}'])('a card that says %j is an error', async card => {
  const { version, modelSha256 } = await addVersion();
  await objects.write(modelCardKey(useCase.id, modelSha256), card);
  await expect(deploy(version)).rejects.toMatchObject({ name: 'CorruptModelCardError' });
  expect(await readLedger(registry, useCase.id)).toEqual([]);
});

test('a version that is not registered is an error', async () => {
  await expect(deploy(7)).rejects.toMatchObject({ name: 'VersionNotFoundError' });
});

test('a model that answers otherwise than its golden rows say is rejected', async () => {
  const { version, modelSha256 } = await addVersion();
  const key = modelCardKey(useCase.id, modelSha256);
  const card = await objects.readJson<ModelCard>(key);
  const [first, ...rest] = card.goldenRows;
  const goldenRows = [{ ...first!, probability: first!.probability + 2e-5 }, ...rest];
  await objects.write(key, JSON.stringify({ ...card, goldenRows }));
  expect(await deploy(version)).toMatchObject({
    status: 'rejected',
    reason: expect.stringContaining('golden rows differ by'),
  });
});

test('a champion of a feature that rows no longer have is judged as it would answer without', async () => {
  const { version } = await addVersion();
  const onnx = writeSmallModel({
    numbers: { age: 0.05, retired: 1 },
    categories: { hobby: { chess: 1 } },
    intercept: -3,
  });
  const modelSha256 = hash('sha256', onnx, 'hex');
  await objects.write(modelKey(useCase.id, modelSha256), onnx);
  await appendEntry(registry, useCase.id, {
    entry: 1,
    at: '',
    by: 'a person',
    decision: 'promoted',
    version: 0,
    release: 1,
    running: null,
    reason: '',
    routing: {
      salt: 's',
      variants: [{ name: 'champion', version: 0, modelSha256, threshold: 0.5, share: 1 }],
      shadow: null,
      aliases: {},
    },
    evidence: {},
  });
  expect(await gate(version)).toMatchObject({ status: 'passed', entry: 2 });
  const { evidence } = (await readLatestEntry(registry, useCase.id))!;
  expect(evidence).toMatchObject({ champion: { version: 0, rocAuc: expect.any(Number) } });
});

test('the status of a version is what the ledger says', async () => {
  const [first, second] = [await addVersion(), await addVersion({ code: 'other code' })];
  const third = await addVersion({ withoutSignal: true });
  for (const { version } of [first, second, third]) await deploy(version);
  const ledger = await readLedger(registry, useCase.id);
  expect([1, 2, 3, 4].map(version => versionStatus(ledger, version))).toEqual([
    'retired',
    'champion',
    'rejected',
    'candidate',
  ]);
  expect(versionStatus([], 1)).toBe('candidate');
});
