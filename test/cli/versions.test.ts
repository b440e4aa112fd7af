import { claimVersion } from '../../lifecycle/registry/versions.ts';
import { readLatestEntry } from '../../lifecycle/release/ledger.ts';
import { release } from '../lifecycle/inference/publish-model.ts';
import { exampleVersion } from '../lifecycle/registry/example-version.ts';
import { type DeploymentWorld, startDeployment } from './deployment-world.ts';

const useCase = 'bank-marketing';
let world: DeploymentWorld;

beforeEach(async () => {
  world = await startDeployment();
});
afterEach(() => world.stop());

function versions(...args: string[]) {
  return world.perennial('versions', ...args);
}

test('perennial versions says when there is none', async () => {
  expect((await versions(useCase)).stdout).toBe('"bank-marketing" has no version yet\n');
});

test('perennial versions shows what became of each version, and how good it is', async () => {
  const metrics = exampleVersion().metrics;
  await claimVersion(world.registry, exampleVersion({ useCase, runId: 'abcdef0123456789' }));
  await claimVersion(
    world.registry,
    exampleVersion({ useCase, runId: null, modelSha256: 'cd'.repeat(32), metrics: { ...metrics, outOfFold: null } }),
  );
  await release(world.registry, useCase, { modelSha256: 'a'.repeat(64), version: 1 });

  const { stdout } = await versions(useCase);
  const { stdout: printed } = await versions('list', useCase, '--json');

  const [, imported, trained] = stdout.split('\n');
  expect(imported).toMatch(/^ +2 {2}candidate .* imported +–$/);
  expect(trained).toMatch(
    /^ +1 {2}champion +2026-03-02 03:10 +5000 {2}0\.\d{3} \(0\.\d{3}–0\.\d{3}\) .* abcdef012345 +–$/,
  );
  expect(JSON.parse(printed)).toMatchObject([
    { version: 2, runId: null, status: 'candidate' },
    { version: 1, status: 'champion', aliases: [], notes: { tags: {} } },
  ]);
});

describe('what people say about a version', () => {
  beforeEach(async () => {
    await claimVersion(world.registry, exampleVersion({ useCase }));
  });

  test('are tags, a description and metadata, beside the version', async () => {
    expect((await versions('tag', useCase, '1', 'team=growth', 'equation=a=b', 'draft')).exitCode).toBe(0);
    await versions('tag', useCase, '1', '--remove', 'draft');
    const { stdout } = await versions('describe', useCase, '1', 'the first', '--metadata', '{"ticket":17}');
    expect(stdout).toBe('Version 1: the first, team=growth, equation=a=b, ticket: 17\n');
    expect((await versions(useCase)).stdout).toContain('team=growth, equation=a=b');
    const { stdout: emptied } = await versions('describe', useCase, '1', '', '--json');
    expect(JSON.parse(emptied)).toMatchObject({ description: null, revision: 4, tags: { team: 'growth' } });
  });

  test('is a name, which the ledger gives and takes', async () => {
    await release(world.registry, useCase, { modelSha256: 'a'.repeat(64), version: 1 });
    expect((await versions('alias', useCase, 'stable', 'champion')).stdout).toBe('Version 1 is "stable" (ledger 2)\n');
    expect((await versions('tag', useCase, 'stable', 'kept')).stdout).toBe('Version 1: kept\n');
    expect((await versions('alias', useCase, 'stable')).stdout).toBe('No version is "stable" any more (ledger 3)\n');
    await expect(readLatestEntry(world.registry, useCase)).resolves.toMatchObject({
      decision: 'aliased',
      version: 1,
      routing: { aliases: {}, variants: [{ version: 1 }] },
      evidence: { alias: 'stable', before: 1, after: null },
    });
  });

  test('is refused where it makes no sense', async () => {
    const thisFile = import.meta.filename;
    const refused = [
      [['tag', useCase, '7', 'x'], 'Use case "bank-marketing" has no version 7'],
      [['tag', useCase, 'latest', 'x'], 'Use case "bank-marketing" has no version latest'],
      [['tag', useCase, '1'], 'Nothing to tag'],
      [['tag', useCase, '1', '=x'], 'tag "" is not a letter'],
      [['describe', useCase, '1'], 'Nothing to say'],
      [['alias', useCase, 'stable', '1'], 'none was released yet'],
      [['alias', useCase, 'champion', '1'], 'Cannot call a version "champion"'],
      [['alias', useCase, '7', '1'], 'Cannot call a version "7"'],
      [['card', useCase, '7'], 'has no version 7'],
      [['import', useCase, '--file', '/nowhere.onnx', '--signature', '/nowhere.json'], 'Cannot read "/nowhere.onnx"'],
      [['import', useCase, '--file', thisFile, '--signature', thisFile], `Cannot read "${thisFile}": It is no JSON`],
      [['show', 'bank-marketin', '1'], 'did you mean "bank-marketing"?'],
    ] as const;
    for (const [args, problem] of refused) {
      const { stderr, exitCode } = await versions(...args);
      expect({ args, exitCode, stderr }).toEqual({ args, exitCode: 1, stderr: expect.stringContaining(problem) });
    }
  });
});
