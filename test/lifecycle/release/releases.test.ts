import { hash } from 'node:crypto';
import { modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { partition, sequenceKey } from '../../../lifecycle/registry/keys.ts';
import { advanceRelease } from '../../../lifecycle/release/advance-release.ts';
import { answerApproval, awaitApproval, listApprovals } from '../../../lifecycle/release/approvals.ts';
import { continueRelease } from '../../../lifecycle/release/continue-release.ts';
import { recordUnexamined } from '../../../lifecycle/release/examine-release.ts';
import { appendEntry, nextEntry, readLatestEntry, readLedger } from '../../../lifecycle/release/ledger.ts';
import { changeRelease, listReleases, type Release, readRelease } from '../../../lifecycle/release/releases.ts';
import { queueRelease, type ReleaseRequest, startRelease } from '../../../lifecycle/release/request-release.ts';
import { rollBack } from '../../../lifecycle/release/roll-back.ts';
import { rollBackAllOnAlarm, rollBackOnAlarm } from '../../../lifecycle/release/roll-back-on-alarm.ts';
import { connectObjects, type Objects } from '../../../platform/objects.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { fillRelease, type ReleaseDefinition } from '../../../use-cases/release-policy.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { retryThroughEveryDeath } from '../dying-services.ts';
import { loans } from '../inference/loans.ts';
import { exampleVerdict } from './example-release.ts';
import { createReleaseWorld, type ReleaseWorld } from './release-world.ts';

let embedded: EmbeddedServices;
let objects: Objects;
let registry: Table;
let world: ReleaseWorld;
let useCase: UseCase;
let count = 0;

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  objects = connectObjects(embedded.bucket);
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());
beforeEach(async () => {
  setPolicy();
  world = createReleaseWorld({ objects, registry });
});

function setPolicy(release: ReleaseDefinition['release'] = {}): void {
  useCase = { ...loans, id: `releases-${++count}`, release: fillRelease(release) };
}

/** Registers a version and puts the gate's decision on it, made against a champion. */
async function addVersion(
  version: number,
  { champion, decision = 'passed' }: { champion?: number; decision?: 'passed' | 'rejected' } = {},
): Promise<void> {
  const onnx = `model ${version}`;
  const modelSha256 = hash('sha256', onnx, 'hex');
  await objects.write(modelKey(useCase.id, modelSha256), onnx);
  const key = { pk: partition(useCase.id, 'version'), sk: sequenceKey(version) };
  const item = { ...key, useCase: useCase.id, version, modelSha256, threshold: 0.5 };
  await registry.put(item);
  const latest = await readLatestEntry(registry, useCase.id);
  const evidence = { champion: champion === undefined ? null : { version: champion } };
  const decided = { at: world.clock.now().toISOString(), by: 'gate', decision, version, release: null, reason: 'so' };
  await appendEntry(registry, useCase.id, nextEntry(latest, { ...decided, evidence }));
}

function request(version: number, strategy?: ReleaseRequest['strategy']): ReleaseRequest {
  return { version, strategy, by: 'Ada', requestId: `request ${version} ${Math.random()}` };
}

/** Brings version 1 to everybody, and version 2 through the gate. */
async function beginWithTwo(): Promise<void> {
  await addVersion(1);
  await queueRelease(world, useCase, request(1));
  await addVersion(2, { champion: 1 });
}

async function routing() {
  return (await readLatestEntry(registry, useCase.id))?.routing;
}

async function decisions(): Promise<string[]> {
  return (await readLedger(registry, useCase.id)).map(({ decision }) => decision).reverse();
}

/** Lets the judge find something of the step that runs, an hour later. */
async function judge({ release }: Pick<Release, 'release'>, verdict: Release['verdicts'][number]['verdict']) {
  world.pass(60);
  const before = await readRelease(registry, useCase.id, release);
  const at = world.clock.now().toISOString();
  const verdicts = [...before.verdicts.slice(0, before.step), { ...exampleVerdict('00:00:00', verdict), at }];
  await changeRelease(registry, before, { verdicts });
  return advanceRelease(world, { useCase: useCase.id, release, by: 'machine' });
}

describe('a release', () => {
  test('of the first version answers everybody at once, without an execution', async () => {
    await addVersion(1);
    const release = await queueRelease(world, useCase, request(1));
    expect(release).toMatchObject({ status: 'promoted', champion: null, steps: [], reason: 'the first version' });
    expect(await routing()).toMatchObject({ variants: [{ name: 'champion', version: 1, share: 1 }] });
    expect(await decisions()).toEqual(['passed', 'started', 'promoted']);
    expect(world.started.size).toBe(0);
    expect(world.events.events).toMatchObject([{ type: 'Champion Changed', detail: { champion: 1, before: null } }]);
  });

  test('of a later one moves step by step to everybody, on salt of its own', async () => {
    await beginWithTwo();
    const before = await routing();
    const release = await queueRelease(world, useCase, request(2));
    expect(release).toMatchObject({ status: 'running', step: 0, executions: 1 });
    expect(await routing()).toMatchObject({ shadow: { version: 2 }, variants: [{ version: 1, share: 1 }] });
    await judge(release, 'advance');
    expect(await routing()).toMatchObject({
      shadow: null,
      variants: [
        { name: 'champion', version: 1, share: 0.95 },
        { name: 'challenger', version: 2, share: 0.05 },
      ],
    });
    const { salt } = (await routing())!;
    expect(salt).not.toBe(before!.salt);
    await judge(release, 'advance');
    expect(await routing()).toMatchObject({ salt, variants: [{ share: 0.75 }, { share: 0.25 }] });
    expect(await judge(release, 'advance')).toEqual({ act: 'end' });
    expect(await routing()).toMatchObject({ variants: [{ version: 2, share: 1 }], shadow: null });
    expect(await readRelease(registry, useCase.id, 2)).toMatchObject({ status: 'promoted' });
    expect((await decisions()).slice(4)).toEqual(['started', 'shifted', 'shifted', 'shifted', 'promoted']);
  });

  test('that does harm is rolled back, and the champion has everybody', async () => {
    await beginWithTwo();
    const release = await queueRelease(world, useCase, request(2));
    await judge(release, 'advance');
    expect(await judge(release, 'roll back')).toEqual({ act: 'end' });
    expect(await routing()).toMatchObject({ variants: [{ version: 1, share: 1 }], shadow: null });
    expect(world.events.events.at(-1)).toMatchObject({ type: 'Rolled Back', detail: { version: 2, champion: 1 } });
  });

  test.each([
    ['shadow', ['shadow']],
    ['ab', [0.5]],
    ['all-at-once', []],
  ] as const)('by the strategy %s has the steps %j', async (strategy, steps) => {
    setPolicy({ bakeMinutes: 31 * 24 * 60 });
    await beginWithTwo();
    expect(await queueRelease(world, useCase, request(2, strategy))).toMatchObject({ steps });
  });

  test('by an A/B test that ends before its first outcomes are final is refused', async () => {
    await beginWithTwo();
    await expect(queueRelease(world, useCase, request(2, 'ab'))).rejects.toThrow(
      'by "ab": an A/B test ends after 73 hours (bakeMinutes and whenInsufficient), and outcomes take 720',
    );
  });

  test('comes to the same end whichever call it dies after, and puts no entry twice', async () => {
    setPolicy({ steps: [0.5], approval: { deadlineHours: 1 } });
    await addVersion(1);
    const { clock, workflows } = world;
    const { deaths } = await retryThroughEveryDeath({ registry, objects, events: world.events }, async dying => {
      const services = { ...dying, clock, workflows };
      const asked = { version: 1, by: 'Ada', requestId: 'the request' };
      const release = await queueRelease(services, useCase, asked);
      if (!release.approval?.answer) {
        const answer = { decision: 'approved', by: 'Ada', reason: 'good' } as const;
        await answerApproval(services, { useCase: useCase.id, release: 1, ...answer });
      }
      await continueRelease(services, { useCase: useCase.id, release: 1, rounds: 0, executionId: 'machine' });
    });
    expect(deaths).toBeGreaterThan(10);
    expect(await decisions()).toEqual(['passed', 'started', 'promoted']);
    expect(await listReleases(registry, useCase.id)).toMatchObject([{ status: 'promoted' }]);
    expect(world.started.size).toBe(1);
  });

  test('without steps has ended when the call that asked for it is made again, whichever call that died after', async () => {
    await addVersion(1);
    const { clock, workflows } = world;
    const { answer } = await retryThroughEveryDeath({ registry, objects, events: world.events }, dying =>
      queueRelease({ ...dying, clock, workflows }, useCase, { version: 1, by: 'Ada', requestId: 'the request' }),
    );
    expect(answer).toMatchObject({ status: 'promoted' });
    expect(await decisions()).toEqual(['passed', 'started', 'promoted']);
  });

  test('step by step, too, comes to the same end whichever call it dies after', async () => {
    setPolicy({ steps: ['shadow', 0.5], bakeMinutes: 0 });
    await beginWithTwo();
    const { clock, workflows } = world;
    const { deaths } = await retryThroughEveryDeath({ registry, objects, events: world.events }, async dying => {
      const services = { ...dying, clock, workflows };
      const asked = { version: 2, by: 'Ada', requestId: 'the request' };
      let release = await queueRelease(services, useCase, asked);
      while (release.status === 'running') {
        const { step, verdicts } = release;
        const verdict = { ...exampleVerdict('00:00:00', 'advance'), at: clock.now().toISOString() };
        if (!verdicts[step]) await changeRelease(dying.registry, release, { verdicts: [...verdicts, verdict] });
        await advanceRelease(services, { useCase: useCase.id, release: 2, by: 'machine' });
        release = await readRelease(dying.registry, useCase.id, 2);
      }
    });
    expect(deaths).toBeGreaterThan(10);
    expect((await decisions()).slice(4)).toEqual(['started', 'shifted', 'shifted', 'promoted']);
    expect(await routing()).toMatchObject({ variants: [{ version: 2 }], shadow: null });
  });

  test('of a model that is gone is rolled back before it answers anybody', async () => {
    await beginWithTwo();
    await objects.delete(modelKey(useCase.id, hash('sha256', 'model 2', 'hex')));
    const release = await queueRelease(world, useCase, request(2, 'all-at-once'));
    expect(release).toMatchObject({ status: 'rolled back', reason: expect.stringContaining('No object at') });
    expect(await routing()).toMatchObject({ variants: [{ version: 1 }] });
  });

  test('whose gate or judge fails ends without traffic', async () => {
    await beginWithTwo();
    const release = await queueRelease(world, useCase, request(2));
    const cause = { errorType: 'RangeError', errorMessage: 'out of memory', trace: ['at judge'] };
    const failure = { Error: 'RangeError', Cause: JSON.stringify(cause) };
    await recordUnexamined(world, { useCase: useCase.id, release: release.release, failure });
    await advanceRelease(world, { useCase: useCase.id, release: release.release, by: 'machine' });
    const ended = await readRelease(registry, useCase.id, release.release);
    expect(ended).toMatchObject({ status: 'rolled back', reason: expect.stringMatching(/RangeError: out of memory$/) });
  });
});

describe('one release at a time', () => {
  test('one asked for by the lifecycle waits, and the newest is next; older ones are superseded', async () => {
    await beginWithTwo();
    const second = await queueRelease(world, useCase, request(2));
    await addVersion(3, { champion: 1 });
    await addVersion(4, { champion: 1 });
    expect(await queueRelease(world, useCase, request(3))).toMatchObject({ status: 'waiting' });
    expect(await queueRelease(world, useCase, request(4))).toMatchObject({ status: 'waiting' });
    await judge(second, 'roll back');
    await continueRelease(world, { useCase: useCase.id, release: 2, rounds: 0, executionId: 'machine' });
    const statuses = (await listReleases(registry, useCase.id)).map(({ version, status }) => [version, status]);
    expect(statuses).toEqual([
      [4, 'running'],
      [3, 'superseded'],
      [2, 'rolled back'],
      [1, 'promoted'],
    ]);
    expect(await routing()).toMatchObject({ shadow: { version: 4 } });
  });

  test('a version that the gate compared with an earlier champion goes through it again', async () => {
    await beginWithTwo();
    await addVersion(3, { champion: 1 });
    await queueRelease(world, useCase, request(2, 'all-at-once'));
    const release = await queueRelease(world, useCase, request(3, 'all-at-once'));
    expect(release).toMatchObject({ status: 'running', gate: null });
    const options = { useCase: useCase.id, release: release.release, by: 'machine' };
    expect(await advanceRelease(world, options)).toEqual({ act: 'gate' });
  });

  test('of two promotions at once one wins, and the other is told', async () => {
    await beginWithTwo();
    await addVersion(3, { champion: 1 });
    const settled = await Promise.allSettled([2, 3].map(version => startRelease(world, useCase, request(version))));
    const lost = settled.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(lost).toHaveLength(1);
    expect(lost[0]!.reason).toMatchObject({ name: 'ReleaseRunningError' });
    const running = (await listReleases(registry, useCase.id)).filter(({ status }) => status === 'running');
    expect(running).toHaveLength(1);
  });

  test('a release is refused while another runs, of the champion, of a rejected version, and of none', async () => {
    await beginWithTwo();
    await expect(startRelease(world, useCase, request(1))).rejects.toMatchObject({ name: 'NotReleasableError' });
    await expect(startRelease(world, useCase, request(9))).rejects.toMatchObject({ name: 'VersionNotFoundError' });
    await addVersion(3, { champion: 1, decision: 'rejected' });
    await expect(startRelease(world, useCase, request(3))).rejects.toThrow('the gate rejected it: so');
    await startRelease(world, useCase, request(2));
    await expect(startRelease(world, useCase, request(2))).rejects.toMatchObject({ name: 'ReleaseRunningError' });
  });

  test('an execution that died is started again by whoever looks next', async () => {
    await beginWithTwo();
    const release = await queueRelease(world, useCase, request(2));
    world.started.set(release.executionId!, 'FAILED');
    await addVersion(3, { champion: 1 });
    await queueRelease(world, useCase, request(3));
    expect([...world.started.keys()]).toEqual([`${useCase.id}-2-1`, `${useCase.id}-2-2`]);
  });

  test('an execution hands over before its history is full', async () => {
    await beginWithTwo();
    await queueRelease(world, useCase, request(2));
    const input = { useCase: useCase.id, release: 2, executionId: 'machine' };
    expect(await continueRelease(world, { ...input, rounds: 498 })).toMatchObject({ action: { act: 'wait' } });
    expect(await continueRelease(world, { ...input, rounds: 499 })).toMatchObject({ action: { act: 'end' } });
    expect(world.started.size).toBe(2);
  });
});

describe('approval', () => {
  const answer = (decision: 'approved' | 'rejected') => ({
    ...{ useCase: useCase.id, release: 2, decision, by: 'Ada', reason: 'as agreed' },
  });

  beforeEach(async () => {
    setPolicy({ strategy: 'all-at-once' });
    await beginWithTwo();
    useCase = { ...useCase, release: fillRelease({ strategy: 'all-at-once', approval: { deadlineHours: 24 } }) };
    await queueRelease(world, useCase, request(2));
  });

  test('is wanted before any traffic moves, and listed', async () => {
    expect(await routing()).toMatchObject({ variants: [{ version: 1 }] });
    expect(world.events.events.at(-1)).toMatchObject({ type: 'Approval Wanted', detail: { release: 2, version: 2 } });
    expect(await listApprovals(world, useCase.id)).toMatchObject([{ release: 2 }]);
  });

  test('lets the release go on and wakes the execution', async () => {
    await awaitApproval(world, { useCase: useCase.id, release: 2, token: 'token' });
    expect(world.woken).toEqual([]);
    expect(await answerApproval(world, answer('approved'))).toMatchObject({ status: 'promoted' });
    expect(world.woken).toEqual(['token']);
    expect(await routing()).toMatchObject({ variants: [{ version: 2 }] });
    const { evidence } = (await readLatestEntry(registry, useCase.id))!;
    expect(evidence).toMatchObject({ approval: { answer: { by: 'Ada', reason: 'as agreed' } } });
  });

  test('that came before the execution began to wait wakes it at once', async () => {
    await answerApproval(world, answer('approved'));
    await awaitApproval(world, { useCase: useCase.id, release: 2, token: 'token' });
    expect(world.woken).toEqual(['token']);
  });

  test('that is refused ends the release', async () => {
    expect(await answerApproval(world, answer('rejected'))).toMatchObject({ status: 'declined' });
    expect(world.events.events.at(-1)).toMatchObject({ type: 'Release Declined' });
    expect(await routing()).toMatchObject({ variants: [{ version: 1 }] });
  });

  test('is taken once', async () => {
    await answerApproval(world, answer('approved'));
    await expect(answerApproval(world, answer('rejected'))).rejects.toThrow('it was approved by Ada');
  });

  test('is not taken after the deadline, which declines the release', async () => {
    world.pass(24 * 60);
    await expect(answerApproval(world, answer('approved'))).rejects.toMatchObject({ name: 'NoApprovalWantedError' });
    await advanceRelease(world, { useCase: useCase.id, release: 2, by: 'machine' });
    expect(await readRelease(registry, useCase.id, 2)).toMatchObject({ status: 'declined' });
  });

  test('is not taken where none is wanted', async () => {
    const other = { ...answer('approved'), release: 1 };
    await expect(answerApproval(world, other)).rejects.toThrow('waits for no approval: it is promoted');
    await expect(answerApproval(world, { ...other, release: 9 })).rejects.toMatchObject({
      name: 'ReleaseNotFoundError',
    });
  });
});

describe('rollback', () => {
  const back = (to?: number) => rollBack(world, { useCase: useCase.id, to, by: 'Ada', reason: 'calls' });

  test('ends a release that runs, and the next begins', async () => {
    await beginWithTwo();
    await queueRelease(world, useCase, request(2));
    await addVersion(3, { champion: 1 });
    await queueRelease(world, useCase, request(3));
    expect(await back()).toMatchObject({ decision: 'rolled back', version: 2, release: 2 });
    expect(await readRelease(registry, useCase.id, 2)).toMatchObject({ status: 'rolled back', reason: 'calls' });
    expect(await readRelease(registry, useCase.id, 3)).toMatchObject({ status: 'running' });
  });

  test('goes back champion by champion, never to one that was left, until there is none', async () => {
    for (const version of [1, 2, 3]) {
      await addVersion(version, { champion: version > 1 ? version - 1 : undefined });
      await queueRelease(world, useCase, request(version, 'all-at-once'));
    }
    for (const version of [2, 1]) {
      await back();
      expect(await routing()).toMatchObject({ variants: [{ version, share: 1 }] });
    }
    await expect(back()).rejects.toThrow('no version was champion before 1');
    expect(world.events.events.at(-1)).toMatchObject({ type: 'Rolled Back', detail: { champion: 1, version: 2 } });
  });

  test('from a version that has left already does nothing', async () => {
    for (const version of [1, 2, 3]) {
      await addVersion(version, { champion: version > 1 ? version - 1 : undefined });
      await queueRelease(world, useCase, request(version, 'all-at-once'));
    }
    const again = () => rollBack(world, { useCase: useCase.id, from: 3, by: 'Ada', reason: 'calls' });
    await again();
    await expect(again()).rejects.toThrow('from version 3: version 2 would leave');
    expect(await routing()).toMatchObject({ variants: [{ version: 2 }] });
  });

  test('goes to any version that passed, and to no other', async () => {
    await beginWithTwo();
    await addVersion(3, { champion: 1, decision: 'rejected' });
    await expect(back(3)).rejects.toThrow('the gate rejected it');
    await expect(back(4)).rejects.toMatchObject({ name: 'VersionNotFoundError' });
    await expect(back(1)).rejects.toThrow('version 1 answers already');
    await back(2);
    expect(await routing()).toMatchObject({ variants: [{ version: 2 }] });
  });

  test('never goes to a model that is gone', async () => {
    await beginWithTwo();
    await queueRelease(world, useCase, request(2, 'all-at-once'));
    await objects.delete(modelKey(useCase.id, hash('sha256', 'model 1', 'hex')));
    await expect(back()).rejects.toMatchObject({ name: 'ObjectNotFoundError' });
    expect(await routing()).toMatchObject({ variants: [{ version: 2 }] });
  });

  test('has nothing to go back to before anything was released', async () => {
    await expect(back()).rejects.toMatchObject({ name: 'CannotRollBackError' });
  });

  test('follows an alarm while something is new, and only then', async () => {
    await beginWithTwo();
    expect(await rollBackOnAlarm(world, useCase.id, 'EndpointErrors')).toBe(false);
    await queueRelease(world, useCase, request(2, 'all-at-once'));
    world.pass(59);
    expect(await rollBackOnAlarm(world, useCase.id, 'EndpointErrors')).toBe(true);
    expect(await routing()).toMatchObject({ variants: [{ version: 1 }] });
    expect(await rollBackOnAlarm(world, useCase.id, 'EndpointErrors')).toBe(false);
    await addVersion(3, { champion: 1 });
    await queueRelease(world, useCase, request(3));
    world.pass(120);
    expect(await rollBackOnAlarm(world, useCase.id, 'EndpointErrors')).toBe(true);
    expect((await readLatestEntry(registry, useCase.id))!).toMatchObject({ decision: 'rolled back', version: 3 });
  });

  test('an alarm that comes twice takes back what is on trial, and not the new champion too', async () => {
    await beginWithTwo();
    await queueRelease(world, useCase, request(2, 'all-at-once'));
    await addVersion(3, { champion: 2 });
    await queueRelease(world, useCase, request(3));
    expect(await rollBackOnAlarm(world, useCase.id, 'EndpointErrors')).toBe(true);
    expect(await rollBackOnAlarm(world, useCase.id, 'PredictErrors')).toBe(false);
    expect(await routing()).toMatchObject({ variants: [{ version: 2 }], shadow: null });
    world.pass(10);
    expect(await rollBackOnAlarm(world, useCase.id, 'PredictErrors')).toBe(true);
    expect(await routing()).toMatchObject({ variants: [{ version: 1 }] });
  });

  test('an alarm takes back what is new in every use case, though one of them cannot go back', async () => {
    await beginWithTwo();
    await queueRelease(world, useCase, request(2, 'all-at-once'));
    const { modelSha256 } = (await routing())!.variants[0]!;
    const broken = useCase.id;
    await world.objects.delete(modelKey(broken, hash('sha256', 'model 1', 'hex')));
    setPolicy();
    await beginWithTwo();
    await queueRelease(world, useCase, request(2, 'all-at-once'));
    await expect(rollBackAllOnAlarm(world, [broken, useCase.id], 'EndpointErrors')).rejects.toThrow(
      'Alarm "EndpointErrors" took nothing back: ObjectNotFoundError',
    );
    expect(await routing()).toMatchObject({ variants: [{ version: 1 }] });
    expect((await readLatestEntry(registry, broken))!.routing!.variants).toMatchObject([{ version: 2, modelSha256 }]);
  });
});
