import { hash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { DatasetManifest } from '../../../lifecycle/datasets/manifest.ts';
import { reproduce } from '../../../lifecycle/lineage/reproduce.ts';
import { partition, sequenceKey } from '../../../lifecycle/registry/keys.ts';
import { register } from '../../../lifecycle/registry/register.ts';
import { claimVersion, readVersion, type Version } from '../../../lifecycle/registry/versions.ts';
import type { TrainingServices } from '../../../lifecycle/training/training-services.ts';
import type { Candidate } from '../../../ml/model.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { CandidateSpec, UseCase } from '../../../use-cases/define-use-case.ts';
import { collectEvents } from '../../collect-events.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from '../inference/loans.ts';
import { runExperiment, trainingServices } from '../training/run-experiment.ts';
import { writeLoans } from '../training/write-loans.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
let manifestKey: string;
const clock = { now: () => new Date('2026-03-02T03:00:00.000Z'), real: (ms: number) => ms };

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
  manifestKey = await writeLoans(objects, { rows: 900, seed: 5 });
});
afterAll(() => embedded.stop());

/** A trainer's program that knows the use case of these tests, as a deployment's bundle knows its own. */
function bundleTrainer(change: string): Uint8Array {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const contents = `
    import { fitAgain as fit } from './lifecycle/lineage/fit-again.ts';
    import { loans } from './test/lifecycle/inference/loans.ts';
    export const fitAgain = (useCase, recipe) => fit(loans, ${change});
  `;
  const banner = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    ...{ bundle: true, write: false, format: 'esm', platform: 'node', mainFields: ['module', 'main'] },
    banner: { js: banner },
  });
  return outputFiles[0]!.contents;
}

async function trainVersion(candidate: CandidateSpec, program: Uint8Array): Promise<number> {
  const useCase: UseCase = { ...loans, training: { ...loans.training, candidates: [candidate] } };
  const services: TrainingServices = {
    ...trainingServices({ objects, registry, clock }, ''),
    code: { bytes: program, sha256: hash('sha256', program, 'hex') },
  };
  const context = { executionId: 'execution', startedAt: '2026-03-02T03:00:00.000Z' };
  const { model } = await runExperiment(services, useCase, { manifestKey, ...context });
  const registration = { ...context, useCase: loans.id, runId: model!.runId };
  const { version } = await register({ registry, objects, clock, events: collectEvents() }, registration);
  return version;
}

/** Changes a version's record, as nothing of the project does. */
function putVersion(version: Version): Promise<void> {
  return registry.put({ pk: partition(loans.id, 'version'), sk: sequenceKey(version.version), ...version });
}

const faithful = bundleTrainer('recipe');

test.each<CandidateSpec>([
  { algorithm: 'logistic-regression', C: 'auto' },
  { algorithm: 'gradient-boosting', trees: 20, subsample: 0.8, earlyStoppingRounds: 5 },
  { algorithm: 'random-forest', trees: 15, maxDepth: 4 },
  { algorithm: 'support-vector', C: 0.5 },
  { algorithm: 'logistic-regression', resampling: { method: 'smote', k: 3 } },
])('%j is made again by the recorded program, byte by byte', async candidate => {
  const version = await trainVersion(candidate, faithful);
  const made = await reproduce({ objects, registry }, loans, { version, current: false, threads: 2 });
  const { runId, modelSha256, tags } = await readVersion(registry, loans.id, version);
  expect(made).toEqual({
    ...{ useCase: 'loans', version, runId, modelSha256, reproducedSha256: modelSha256, difference: null },
    trainer: tags.code_version,
  });
  const current = await reproduce({ objects, registry }, loans, { version, current: true, threads: 1 });
  expect(current).toEqual({ ...made, trainer: null });
});

test('the first difference is named where a program makes another model', async () => {
  const program = bundleTrainer('{ ...recipe, parameters: { ...recipe.parameters, C: 0.01 } }');
  const version = await trainVersion({ algorithm: 'logistic-regression', C: 7 }, program);
  const made = await reproduce({ objects, registry }, loans, { version, current: false, threads: 1 });
  expect(made.reproducedSha256).not.toBe(made.modelSha256);
  expect(made.difference).toEqual({ place: expect.stringMatching(/^graph, node .+ against /), causes: [] });
});

test.each([
  ['fails', 'export const fitAgain = () => { throw new Error("no memory") }', 'made no model: Error: no memory'],
  ['cannot make a model again', 'export const other = 1;', 'of a time in which trainers could not yet be asked'],
  ['ends its process', 'process.exit(3)', 'its process ended with 3'],
  [
    'wants to write',
    'import { writeFileSync } from "node:fs"; writeFileSync("/tmp/x", "")',
    'Access to this API has been restricted',
  ],
  [
    'wants to read what is not its own',
    `import { readFileSync } from "node:fs"; readFileSync(${JSON.stringify(fileURLToPath(import.meta.url))})`,
    'Access to this API has been restricted',
  ],
  [
    'looks for credentials',
    'export const fitAgain = () => { throw new Error(Object.keys(process.env).join() || "no variables") }',
    'made no model: Error: no variables',
  ],
])('a program that %s is told of', async (_, text, message) => {
  const version = await trainVersion({ algorithm: 'logistic-regression', C: 3 }, new TextEncoder().encode(text));
  await expect(reproduce({ objects, registry }, loans, { version, current: false, threads: 1 })).rejects.toThrow(
    message,
  );
});

test('a stored program of other bytes is not run', async () => {
  const version = await trainVersion({ algorithm: 'logistic-regression', C: 4 }, new TextEncoder().encode('// kept'));
  const { tags } = await readVersion(registry, loans.id, version);
  await objects.write(`code/${tags.code_version}.mjs`, '// another');
  await expect(reproduce({ objects, registry }, loans, { version, current: false, threads: 1 })).rejects.toThrow(
    /Program s3:.+ has sha256 .+ is not run/,
  );
});

test('an imported version cannot be reproduced', async () => {
  const number = await trainVersion({ algorithm: 'logistic-regression', C: 5 }, new TextEncoder().encode('// kept'));
  const trained = await readVersion(registry, loans.id, number);
  const { version } = await claimVersion(registry, {
    ...trained,
    runId: null,
    parameters: null,
    modelSha256: 'imported',
  });
  await expect(reproduce({ objects, registry }, loans, { version, current: true, threads: 1 })).rejects.toThrow(
    'its model was imported, and no run made it',
  );
});

test('a program that is no longer kept is asked for in vain', async () => {
  const version = await trainVersion({ algorithm: 'logistic-regression', C: 5 }, new TextEncoder().encode('// gone'));
  const { tags } = await readVersion(registry, loans.id, version);
  await objects.delete(`code/${tags.code_version}.mjs`);
  await expect(reproduce({ objects, registry }, loans, { version, current: false, threads: 1 })).rejects.toThrow(
    /is not kept: there is no object at s3:/,
  );
  const made = await reproduce({ objects, registry }, loans, { version, current: true, threads: 1 });
  expect(made.difference).toBeNull();
});

test('a seed and a parameter that are no longer the recorded ones explain the difference', async () => {
  const version = await trainVersion({ algorithm: 'random-forest', trees: 14, maxDepth: 4 }, faithful);
  const trained = await readVersion(registry, loans.id, version);
  const parameters = { ...trained.parameters, trees: 13 } as Candidate;
  await putVersion({ ...trained, parameters, seed: trained.seed + 1 });
  const made = await reproduce({ objects, registry }, loans, { version, current: false, threads: 1 });
  expect(made.difference).toEqual({
    place: expect.stringMatching(/values against/),
    causes: [
      { what: 'seed', recorded: String(trained.seed), used: String(trained.seed + 1) },
      { what: 'parameter trees', recorded: '14', used: '13' },
    ],
  });
});

test('a dataset whose files have changed is not trained on', async () => {
  const version = await trainVersion({ algorithm: 'logistic-regression', C: 6 }, faithful);
  const other = await writeLoans(objects, { rows: 300, seed: 6 });
  const { parts } = await objects.readJson<DatasetManifest>(other);
  const trained = await readVersion(registry, loans.id, version);
  await objects.write(parts[0]!.key, 'others');
  await putVersion({ ...trained, manifestKey: other });
  await expect(reproduce({ objects, registry }, loans, { version, current: false, threads: 1 })).rejects.toThrow(
    /made no model: DatasetCorruptError: Part .+ has sha256/,
  );
});
