import { readVersion } from '../registry/versions.ts';
import { advanceRelease } from './advance-release.ts';
import { ReleaseMovedError } from './errors.ts';
import { appendEntry, LedgerMovedError, nextEntry, readLatestEntry } from './ledger.ts';
import type { ReleaseServices } from './release-services.ts';
import { changeRelease, listReleases, type Release, readRelease } from './releases.ts';
import { isAgainst, readDecision } from './version-status.ts';

/**
 * Keeps the releases of a use case going: lets the record of one that the ledger has ended follow, starts the newest that waits when none runs, does
 * what is due in the one that runs, and sees to it that an execution carries on with the rest.
 *
 * @param by who acts
 */
export async function keepReleasing(services: ReleaseServices, useCase: string, by: string): Promise<void> {
  for (;;) {
    const running = await startNext(services, useCase, by);
    if (!running) return;
    const { act } = await advanceRelease(services, { useCase, release: running.release, by });
    if (act !== 'end') return ensureExecution(services, running);
  }
}

/** Starts another execution for a release, whatever became of the one before. */
export async function startExecution(
  { registry, workflows }: ReleaseServices,
  { useCase, release: number }: Pick<Release, 'useCase' | 'release'>,
): Promise<void> {
  for (;;) {
    const release = await readRelease(registry, useCase, number);
    const executions = release.executions + 1;
    // The same name is the same execution, should this be done twice.
    const name = `${useCase}-${number}-${executions}`;
    const executionId = await workflows.start('release', { useCase, release: number, rounds: 0 }, name);
    try {
      await changeRelease(registry, release, { executions, executionId });
      return;
    } catch (error) {
      if (!(error instanceof ReleaseMovedError)) throw error;
    }
  }
}

async function ensureExecution(services: ReleaseServices, { useCase, release }: Release): Promise<void> {
  const { executionId } = await readRelease(services.registry, useCase, release);
  const execution = executionId === null ? undefined : await services.workflows.describe(executionId);
  if (execution?.status !== 'RUNNING') await startExecution(services, { useCase, release });
}

/** The release that runs now, after the newest that waits was started if none did. */
async function startNext(services: ReleaseServices, useCase: string, by: string): Promise<Release | undefined> {
  const { registry, clock } = services;
  for (;;) {
    const releases = await listReleases(registry, useCase);
    const latest = await readLatestEntry(registry, useCase);
    const running = releases.find(({ release }) => release === latest?.running);
    try {
      const ended = releases.find(({ status, release }) => status === 'running' && release !== latest?.running);
      if (ended) {
        // Who ended it died before the record said so.
        await advanceRelease(services, { useCase, release: ended.release, by });
        continue;
      }
      if (running) return await recordStart(services, releases, running);
      const next = findNext(releases);
      if (!next) return undefined;
      const { release, version, strategy, requestedBy } = next;
      const entry = nextEntry(latest, {
        ...{ at: clock.now().toISOString(), by, decision: 'started', version, release, running: release },
        reason: `${strategy}, asked for by ${requestedBy}`,
        evidence: { strategy, policy: next.policy },
      });
      await appendEntry(registry, useCase, entry);
    } catch (error) {
      // Somebody else acted: what came of it is the ground to decide on.
      if (!(error instanceof ReleaseMovedError || error instanceof LedgerMovedError)) throw error;
    }
  }
}

/** The waiting release of the newest version; of one version, the one that was asked for last. @param releases newest first */
export function findNext(releases: readonly Release[]): Release | undefined {
  return releases
    .filter(({ status }) => status === 'waiting')
    .toSorted((left, right) => right.version - left.version || right.release - left.release)[0];
}

/** Lets the records say that a release runs, and that those of older versions that wait will not. */
async function recordStart(
  { registry, clock }: ReleaseServices,
  releases: readonly Release[],
  running: Release,
): Promise<Release> {
  const startedAt = clock.now().toISOString();
  const older = releases.filter(
    ({ status, version, release }) => status === 'waiting' && version <= running.version && release !== running.release,
  );
  for (const release of older) {
    const reason = `version ${running.version} is newer`;
    await changeRelease(registry, release, { status: 'superseded', endedAt: startedAt, reason });
  }
  if (running.status !== 'waiting') return running;
  const { useCase, version } = running;
  const latest = await readLatestEntry(registry, useCase);
  const champion = latest?.routing?.variants[0]?.version;
  const decision = await readDecision(registry, await readVersion(registry, useCase, version));
  const isGated = decision?.decision === 'passed' && isAgainst(decision, champion);
  return changeRelease(registry, running, {
    ...{ status: 'running', startedAt, champion: champion ?? null, gate: isGated ? 'passed' : null },
    steps: champion === undefined ? [] : planSteps(running),
  });
}

/** What comes before the version is the champion. */
function planSteps({ strategy, policy }: Release): Release['steps'] {
  const steps = { canary: policy.steps, shadow: ['shadow'], ab: [0.5], 'all-at-once': [] } as const;
  return steps[strategy];
}
