import { logPredictions } from '../../lifecycle/predictions/prediction-log.ts';
import { partition, sequenceKey } from '../../lifecycle/registry/keys.ts';
import { appendEntry, nextEntry, type Resolution, readLatestEntry } from '../../lifecycle/release/ledger.ts';
import type { Release } from '../../lifecycle/release/releases.ts';
import { routeStep } from '../../lifecycle/release/routing.ts';
import { examplePrediction } from '../lifecycle/predictions/example-prediction.ts';
import { exampleRelease, exampleVerdict } from '../lifecycle/release/example-release.ts';
import { type DeploymentWorld, startDeployment } from './deployment-world.ts';

const useCase = 'bank-marketing';
let world: DeploymentWorld;
beforeEach(async () => {
  world = await startDeployment();
});
afterEach(() => world.stop());

async function put(changes: Partial<Release>): Promise<void> {
  const release = exampleRelease({ useCase, ...changes });
  await world.registry.put({ pk: partition(useCase, 'release'), sk: sequenceKey(release.release), ...release });
}

async function decide(changes: Partial<Resolution>): Promise<void> {
  const latest = await readLatestEntry(world.registry, useCase);
  const usual = { at: '2026-03-01T00:00:00.000Z', by: 'arn:x:execution:machine:run-1', decision: 'passed' } as const;
  const resolution = { ...usual, version: 1, release: null, reason: 'as good', evidence: {}, ...changes };
  await appendEntry(world.registry, useCase, nextEntry(latest, resolution));
}

test('perennial releases list and show say how versions got their traffic', async () => {
  expect((await world.perennial('releases', 'list', useCase)).stdout).toBe(`"${useCase}" has no release yet\n`);
  await put({ release: 1, status: 'promoted', endedAt: '2026-03-01T13:00:00.000Z', reason: 'the first version' });
  const check = { name: 'errors', verdict: 'advance', detail: '0 errors in 900 rows' } as const;
  await put({ release: 2, step: 1, verdicts: [{ ...exampleVerdict('12:00:00', 'advance'), checks: [check] }] });
  const { stdout } = await world.perennial('releases', 'list', useCase);
  expect(stdout).toMatch(/2 .*canary .*running .*5 % of the units since 2026-03-02 12:00 UTC/);
  expect(stdout).toMatch(/1 .*promoted .*the first version/);
  const shown = await world.perennial('releases', 'show', useCase, '2');
  expect(shown.stdout).toContain('errors: advance (0 errors in 900 rows)');
  expect(await world.perennial('releases', 'show', useCase, '9')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has no release 9'),
  });
});

test('perennial releases replay recomputes who was routed to whom', async () => {
  const champion = { name: 'champion', version: 1, modelSha256: 'a', threshold: 0.5, share: 1 };
  await decide({ decision: 'promoted', routing: { salt: 's', variants: [champion], shadow: null, aliases: {} } });
  const at = new Date(Date.now() - 60_000).toISOString();
  const logged = (version: number) => [examplePrediction({ useCase, at, version })];
  await logPredictions(world.predictions, logged(1), { deadlineMs: 30_000 });
  await expect(world.perennial('releases', 'replay', useCase)).resolves.toMatchObject({
    exitCode: 0,
    stdout: '1 assignments recomputed, 0 differ; 0 predictions of versions that callers picked were left out\n',
  });
  await logPredictions(world.predictions, logged(2), { deadlineMs: 30_000 });
  const found = await world.perennial('releases', 'replay', useCase, '--since', '30d');
  expect(found).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/2 assignments recomputed, 1 differ/) });
  expect(found.stdout).toMatch(/1 +champion v2 +champion v1/);
});

test('perennial ledger tells what was live at an instant', async () => {
  const champion = { name: 'champion', version: 1, modelSha256: 'a', threshold: 0.5, share: 1 };
  const routing = { salt: 's', variants: [champion], shadow: null, aliases: {} };
  await decide({ decision: 'promoted', routing });
  const canary = routeStep(routing, { ...champion, version: 2 }, 0.05, 's');
  await decide({ at: '2026-03-02T00:00:00.000Z', decision: 'shifted', version: 2, release: 2, routing: canary });
  const { stdout } = await world.perennial('ledger', useCase);
  expect(stdout).toMatch(/2 .*shifted .*v1 95 % of the units, v2 5 % of the units .*run-1/);
  const then = await world.perennial('ledger', useCase, '--at', '2026-03-01T12:00Z', '--json');
  expect(JSON.parse(then.stdout)).toMatchObject([{ entry: 1, decision: 'promoted' }]);
});

test('perennial approvals lists what waits, and refuses an answer that nobody wants', async () => {
  expect((await world.perennial('approvals', 'list')).stdout).toBe('No release waits for approval\n');
  const deadline = new Date(Date.now() + 1e12).toISOString();
  await put({ approval: { wantedAt: '2026-03-02T11:00:00.000Z', deadline, answer: null } });
  expect((await world.perennial('approvals', 'list', useCase)).stdout).toMatch(
    /bank-marketing +1 +2 +2026-03-02 11:00/,
  );
  const past = '2026-03-02T12:00:00.000Z';
  await put({ release: 3, approval: { wantedAt: '2026-03-02T11:00:00.000Z', deadline: past, answer: null } });
  const shown = await world.perennial('releases', 'show', useCase, '3');
  expect(shown.stdout).toContain('nobody approved it until 2026-03-02 12:00 UTC');
  await put({ release: 2, status: 'promoted', reason: 'as good' });
  expect(await world.perennial('approvals', 'approve', useCase, '2', '--reason', 'so')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('waits for no approval: it is promoted'),
  });
});

test('perennial release and rollback say why they cannot', async () => {
  expect(await world.perennial('release', useCase, '7')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('has no version 7'),
  });
  expect(await world.perennial('rollback', useCase, '--reason', 'calls')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('nothing was ever released'),
  });
});
