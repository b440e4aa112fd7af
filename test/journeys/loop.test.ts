import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Instance, PredictResponse, UseCaseResponse } from '../../contracts/http.ts';
import type { DataProfile } from '../../contracts/profile.ts';
import type { Simulation } from '../../lifecycle/simulation/simulate.ts';
import { synthesize } from '../synthesize.ts';
import { Perennial, type Serving } from './perennial.ts';

const perennial = new Perennial(synthesize({ demo: 'true' }));
let serving: Serving;

beforeAll(async () => {
  serving = await perennial.serve();
}, 300_000);
afterAll(() => perennial.dispose());

test('the curl command that is printed works when pasted', async () => {
  const [command] = /curl -s[\s\S]+?'(?=\n\n)/.exec(serving.welcome) ?? [];
  const { predictions } = JSON.parse(execFileSync('bash', ['-c', command!], { encoding: 'utf8' })) as PredictResponse;
  expect(predictions).toEqual([expect.objectContaining({ variant: 'champion', imputed: [], unseen: [] })]);
});

test('a prediction can be read again by its id', async () => {
  const { stdout } = await perennial.cli(['predict', 'bank-marketing', '--example', '--json']);
  const [prediction] = (JSON.parse(stdout) as PredictResponse).predictions;
  const response = await get(`/use-cases/bank-marketing/predictions/${prediction!.predictionId}`);
  expect(await response.json()).toMatchObject({ ...prediction, useCase: 'bank-marketing' });
});

test('the keys that are kept are readable by their owner only', () => {
  for (const file of ['development-key', 'credentials.env', 'administrator.json']) {
    expect(statSync(join(perennial.state, file)).mode & 0o777).toBe(0o600);
  }
});

test('simulated clients ask, and tell their outcomes, by the law of what has drifted', async () => {
  const drift = ['--drift', 'balance=+1sd,job=student→gig-worker', '--concept', '0.3', '--label-coverage', '0.5'];
  const { stdout, code } = await perennial.cli(['simulate', 'bank-marketing', '--requests', '200', ...drift, '--json']);
  expect(code).toBe(0);
  const simulation = JSON.parse(stdout) as Simulation;
  expect(simulation).toMatchObject({ requests: 200, answered: 200, failed: 0 });
  expect(simulation.unseen).toBeGreaterThan(0);
  expect(simulation.outcomes.accepted / 200).toBeCloseTo(0.5, 0.9);
  expect(simulation.outcomes).toMatchObject({ duplicate: 0, 'unknown target': 0, rejected: 0 });
});

test('a new batch is ingested, trained on, judged, and served while no request fails', async () => {
  const caller = keepCalling();
  const run = await perennial.cli([
    'run',
    'bank-marketing',
    '--new-batch',
    '2000',
    '--strategy',
    'all-at-once',
    '--json',
  ]);
  expect(JSON.parse(run.stdout)).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'released', version: 2 } });
  await caller.answeredBy(2);
  const answers = await caller.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);

  const { stdout } = await perennial.cli(['versions', 'bank-marketing', '--json']);
  expect(JSON.parse(stdout)).toMatchObject([
    { version: 2, tags: { row_count: 47_000 } },
    { version: 1, tags: { row_count: 45_000 } },
  ]);
}, 300_000);

test('a run without new evidence does nothing', async () => {
  const { stdout, code } = await perennial.cli(['run', 'bank-marketing']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Nothing to do/);
});

test('the observations have a profile, on the command line and over HTTP', async () => {
  const page = join(perennial.state, 'profile.html');
  const { stdout } = await perennial.cli(['profile', 'bank-marketing', '--html', page, '--json']);
  const answer = await get('/use-cases/bank-marketing/profile');
  const [printed, answered] = [JSON.parse(stdout), await answer.json()] as [DataProfile, DataProfile];
  for (const profile of [printed, answered]) expect(profile).toMatchObject({ status: 'profiled', suspects: [] });
  expect(answered.features.map(({ name }) => name)).toEqual(printed.features.map(({ name }) => name));
  expect(readFileSync(page, 'utf8')).toContain('<svg');
});

test('what two models were trained on can be compared', async () => {
  const { stdout } = await perennial.cli(['datasets', 'list', 'bank-marketing', '--json']);
  const datasets = JSON.parse(stdout) as { datasetId: string; rows: number }[];
  const [newest, oldest] = [datasets[0]!, datasets.at(-1)!];
  const ids = [oldest.datasetId, newest.datasetId];
  const compared = await perennial.cli(['datasets', 'diff', 'bank-marketing', ...ids, '--json']);
  const { kept, added, removed } = JSON.parse(compared.stdout);
  expect([kept + removed, kept + added]).toEqual([oldest.rows, newest.rows]);
  const shown = await perennial.cli(['datasets', 'show', 'bank-marketing', oldest.datasetId.slice(0, 12)]);
  expect(shown.stdout).toContain('FOR VERSION AS OF');
});

interface Answer {
  readonly status: number;
  readonly version: number;
}

/** Asks for one prediction after the other. */
function keepCalling() {
  const answers: Answer[] = [];
  const waiting: { version: number; resolve: () => void }[] = [];
  let goesOn = true;
  const calls = (async () => {
    const { example } = (await (await get('/use-cases/bank-marketing')).json()) as UseCaseResponse;
    while (goesOn) {
      const answer = await predict(example);
      answers.push(answer);
      for (const { version, resolve } of waiting) if (version === answer.version) resolve();
    }
  })();
  return {
    answeredBy: (version: number) => new Promise<void>(resolve => waiting.push({ version, resolve })),
    async stop() {
      goesOn = false;
      await calls;
      return answers;
    },
  };
}

async function predict(instance: Instance): Promise<Answer> {
  const response = await fetch(`${serving.url}/use-cases/bank-marketing/predictions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${serving.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [instance] }),
  });
  const { predictions } = (await response.json()) as Partial<PredictResponse>;
  return { status: response.status, version: predictions?.[0]?.version ?? 0 };
}

function get(path: string): Promise<Response> {
  return fetch(`${serving.url}${path}`, { headers: { authorization: `Bearer ${serving.key}` } });
}
