import type { UseCase } from '../../use-cases/define-use-case.ts';
import { findExperimentProblem, type ReleaseStrategy } from '../../use-cases/release-policy.ts';
import { readVersion } from '../registry/versions.ts';
import { NotReleasableError, ReleaseMovedError, ReleaseRunningError } from './errors.ts';
import { readLatestEntry } from './ledger.ts';
import { keepReleasing } from './next-release.ts';
import type { ReleaseServices } from './release-services.ts';
import { changeRelease, claimRelease, type Release, readRelease } from './releases.ts';
import { readDecision } from './version-status.ts';

export interface ReleaseRequest {
  readonly version: number;
  /** @default - that of the use case's policy */
  readonly strategy?: ReleaseStrategy;
  /** Who asks: an execution ARN or a person. */
  readonly by: string;
  /** A request that comes again has the same one. */
  readonly requestId: string;
}

/**
 * Asks for the release of a version; while another release runs, it waits for its turn. One that has not been through the gate goes there first.
 * What can be done at once is done: a release without steps or approval has ended when this returns.
 *
 * @throws {VersionNotFoundError} @throws {NotReleasableError}
 */
export async function queueRelease(
  services: ReleaseServices,
  useCase: UseCase,
  request: ReleaseRequest,
): Promise<Release> {
  const { registry, clock } = services;
  const { version, strategy = useCase.release.strategy, by, requestId } = request;
  refuseUndecidable(useCase, version, strategy);
  await refuseRejected(services, useCase.id, version);
  const { release } = await claimRelease(registry, {
    ...{ useCase: useCase.id, version, strategy, policy: useCase.release },
    ...{ requestedAt: clock.now().toISOString(), requestedBy: by, requestId },
  });
  await keepReleasing(services, useCase.id, by);
  return readRelease(registry, useCase.id, release);
}

/**
 * Starts the release of a version, now.
 *
 * @throws {ReleaseRunningError} when another one runs, or was started first
 * @throws {VersionNotFoundError} @throws {NotReleasableError}
 */
export async function startRelease(
  services: ReleaseServices,
  useCase: UseCase,
  request: ReleaseRequest,
): Promise<Release> {
  const { registry, clock } = services;
  const latest = await readLatestEntry(registry, useCase.id);
  await refuseRejected(services, useCase.id, request.version);
  if (latest?.running != null) throw new ReleaseRunningError(useCase.id, request.version, latest.running);
  if (latest?.routing?.variants[0]?.version === request.version) {
    throw new NotReleasableError(`Version ${request.version} of "${useCase.id}" is the champion already`);
  }
  let release = await queueRelease(services, useCase, request);
  while (release.status === 'waiting') {
    release = await withdraw(services, release, clock.now());
  }
  if (release.status !== 'superseded') return release;
  const winner = await readLatestEntry(registry, useCase.id);
  throw new ReleaseRunningError(useCase.id, request.version, winner?.running ?? winner?.release ?? 0);
}

async function withdraw({ registry }: ReleaseServices, release: Release, now: Date): Promise<Release> {
  const reason = 'another release was started first';
  try {
    return await changeRelease(registry, release, { status: 'superseded', endedAt: now.toISOString(), reason });
  } catch (error) {
    if (!(error instanceof ReleaseMovedError)) throw error;
    return readRelease(registry, release.useCase, release.release);
  }
}

function refuseUndecidable(useCase: UseCase, version: number, strategy: ReleaseStrategy): void {
  const problem = strategy === 'ab' && findExperimentProblem(useCase.release, useCase.label.delayDays);
  if (problem) throw new NotReleasableError(`Cannot release version ${version} of "${useCase.id}" by "ab": ${problem}`);
}

async function refuseRejected({ registry }: ReleaseServices, useCase: string, version: number): Promise<void> {
  const decision = await readDecision(registry, await readVersion(registry, useCase, version));
  if (decision?.decision !== 'rejected') return;
  throw new NotReleasableError(
    `Cannot release version ${version} of "${useCase}": the gate rejected it: ${decision.reason}`,
  );
}
