import { claimExperiment, claimSelection } from '../../lifecycle/registry/experiments.ts';
import { putRun, type TrackedRun } from '../../lifecycle/registry/runs.ts';
import { exampleRun } from '../lifecycle/registry/example-run.ts';
import { type DeploymentWorld, startDeployment } from './deployment-world.ts';

const useCase = 'bank-marketing';
const [simple, boosted, broken] = ['a1', 'a2', 'b3'].map(start => start.padEnd(64, '0')) as [string, string, string];
const experimentId = 'e'.repeat(64);

let world: DeploymentWorld;
beforeEach(async () => {
  world = await startDeployment();
});
afterEach(() => world.stop());

async function addRuns(): Promise<void> {
  const common = { useCase, experimentId };
  const best = exampleRun({ ...common, runId: simple, startedAt: '2026-03-02T03:00:00.000Z' });
  const { foldMetrics } = best;
  const lower = { mean: foldMetrics.roc_auc.mean - 0.1, sd: 0.01, folds: [0.7, 0.72] };
  const second = exampleRun({
    ...{ ...common, runId: boosted, model: null, startedAt: '2026-03-02T03:00:01.000Z' },
    parameters: { algorithm: 'gradient-boosting', trees: 30 },
    foldMetrics: { ...foldMetrics, roc_auc: lower },
  });
  const { runId, seed, manifestKey, tags, startedAt, seconds, createdBy } = second;
  const error = { name: 'States.Timeout', cause: '' };
  const runs: TrackedRun[] = [
    best,
    second,
    {
      ...{ ...common, seed, manifestKey, tags, startedAt, seconds, createdBy },
      ...{ runId: broken, status: 'failed', error, parameters: { algorithm: 'gradient-boosting', trees: 60 } },
    },
  ];
  for (const run of runs) await putRun(world.registry, run);
  const trials = runs.map(({ runId, parameters }) => ({
    runId,
    parameters,
    size: 'standard' as const,
    expectedSeconds: 1,
  }));
  const experiment = await claimExperiment(world.registry, {
    ...{ experimentId, useCase, manifestKey, tags, metric: 'roc_auc', folds: 2, seed, trials, createdBy },
    ...{ createdAt: startedAt, selection: null, append: { attempt: 0, queryIds: [], isDone: false } },
  });
  const verdict = { status: 'finished', beatsBaseRate: true, standardError: 0.01 } as const;
  await claimSelection(world.registry, experiment, {
    ...{ runId: simple, reason: 'the best of 3', at: startedAt, by: createdBy },
    verdicts: [
      { ...verdict, runId: simple, mean: foldMetrics.roc_auc.mean, shortfall: 0, standardError: 0 },
      { ...verdict, runId, mean: lower.mean, shortfall: 0.1 },
      { runId: broken, status: 'failed', mean: null, beatsBaseRate: false, shortfall: null, standardError: null },
    ],
  });
}

describe('perennial runs list', () => {
  test('shows runs with the figures of their folds, those without a figure last', async () => {
    await addRuns();
    const { stdout } = await world.perennial('runs', 'list', useCase, '--sort=-metrics.roc_auc');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map(line => line.split(' ')[0])).toEqual([
      'run',
      ...[simple, boosted, broken].map(id => id.slice(0, 12)),
    ]);
    expect(lines[1]).toMatch(/logistic-regression .* \d\.\d{4} ± \d\.\d{4} .* selected$/);
    expect(lines[3]).toMatch(/failed: States.Timeout$/);
  });

  test.each([
    ['params.algorithm = "gradient-boosting"', [boosted, broken]],
    ['params.algorithm = "gradient-boosting" and metrics.roc_auc > 0', [boosted]],
    ['not status = "failed" and tags.row_count >= 5000', [boosted, simple]],
    ['model != null', [simple]],
    ['seconds > 100', []],
  ])('filters by %s', async (filter, expected) => {
    await addRuns();
    const { stdout } = await world.perennial(
      'runs',
      'list',
      useCase,
      '--filter',
      filter,
      '--sort',
      'params.algorithm',
      '--json',
    );
    expect(
      JSON.parse(stdout)
        .map((run: TrackedRun) => run.runId)
        .toSorted(),
    ).toEqual([...expected].toSorted());
  });

  test('names the field that was meant', async () => {
    await addRuns();
    const { stderr, exitCode } = await world.perennial('runs', 'list', useCase, '--filter', 'metrics.roc_acu > 0.8');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('No run has a field "metrics.roc_acu"; did you mean "metrics.roc_auc"?');
  });

  test('shows no more than the limit, and says how many there are', async () => {
    await addRuns();
    const { stdout } = await world.perennial('runs', 'list', useCase, '--limit', '1');
    expect(stdout).toContain('… and 2 more, see --limit');
  });

  test('says that there is none yet', async () => {
    expect((await world.perennial('runs', 'list', useCase)).stdout).toBe('"bank-marketing" has no run yet\n');
    expect((await world.perennial('experiments', 'list', useCase)).stdout).toBe(
      '"bank-marketing" has no experiment yet\n',
    );
  });
});

test('perennial runs show tells all of the one run that begins so', async () => {
  await addRuns();
  const { stdout } = await world.perennial('runs', 'show', useCase, 'a2');
  expect(stdout).toMatch(/^run +a20+$/m);
  expect(stdout).toMatch(/^params.trees +30$/m);
  expect(stdout).toMatch(/^tags.iceberg_snapshot_id +4611686018427387905$/m);
  expect(stdout).toMatch(/^loss of fitted rows +0\.7000 +█▃▁ +0\.2333$/m);
  const { stderr, exitCode } = await world.perennial('runs', 'show', useCase, 'a');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('2 runs of the use case begin with "a", expected one');
});

test('perennial runs compare puts figures and what differs side by side', async () => {
  await addRuns();
  const { stdout } = await world.perennial('runs', 'compare', useCase, 'a1', 'a2');
  expect(stdout).toMatch(/^ +a10{10} +a20{10}$/m);
  expect(stdout).toMatch(/^params.algorithm +logistic-regression +gradient-boosting$/m);
  expect(stdout).toMatch(/^metrics.roc_auc +\d\.\d{4} ± \d\.\d{4} +\d\.\d{4} ± 0.0100$/m);
  expect(stdout).not.toMatch(/^tags/m);
});

test('perennial experiments list and show tell what was tried and why one was selected', async () => {
  await addRuns();
  const { stdout } = await world.perennial('experiments', 'list', useCase);
  expect(stdout).toMatch(/^e{12} .* 3 +1 +a10{10} +the best of 3$/m);
  const shown = await world.perennial('experiments', 'show', useCase, 'eee');
  expect(shown.stdout).toContain('Selected    the best of 3');
  expect(shown.stdout).toMatch(/^→ +a10{10} +logistic-regression .* finished$/m);
  expect(shown.stdout).toMatch(/a20{10} +gradient-boosting +trees 30 +0\.\d{4} +0\.1000 ± 0\.0100 +finished$/m);
  expect((await world.perennial('experiments', 'show', useCase, 'f')).stderr).toContain(
    'No experiment of the use case',
  );
});
