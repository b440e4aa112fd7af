import { readModelFile } from '../registry/model-files.ts';
import { readVersion } from '../registry/versions.ts';
import { announceEnding } from './announce.ts';
import { CannotRollBackError } from './errors.ts';
import { appendEntry, type LedgerEntry, LedgerMovedError, nextEntry, readLedger } from './ledger.ts';
import { keepReleasing } from './next-release.ts';
import type { ReleaseServices } from './release-services.ts';
import { readRelease } from './releases.ts';
import { endTrial, previousChampion, type RoutedVersion, routeAllTo, saltOf } from './routing.ts';
import { findDecision } from './version-status.ts';

export interface RollBackRequest {
  readonly useCase: string;
  /** Version that is to leave; where another one would, nothing is done, so that a request sent twice goes back once. @default - whichever it is */
  readonly from?: number;
  /** Version to go back to. @default - what a running release puts on trial is taken back; else the champion before */
  readonly to?: number;
  readonly by: string;
  readonly reason: string;
}

/**
 * Lets an earlier version answer everybody, at once. A release that runs ends with it.
 *
 * @returns the entry that did it
 * @throws {CannotRollBackError} when there is nothing to go back to, the version was never good enough, or another one than `from` would leave
 * @throws {VersionNotFoundError} @throws {CorruptModelError} @throws {ObjectNotFoundError} when its file is not there whole
 */
export async function rollBack(services: ReleaseServices, request: RollBackRequest): Promise<LedgerEntry> {
  const { events } = services;
  const { useCase, by } = request;
  const { before, entry } = await decideInLedger(services, request);
  const champion = before.routing?.variants[0]?.version ?? null;
  if (entry.release === null) await announceEnding(events, useCase, entry, champion);
  await keepReleasing(services, useCase, by);
  return entry;
}

async function decideInLedger(services: ReleaseServices, request: RollBackRequest) {
  const { registry, objects, clock } = services;
  const { useCase, by, reason } = request;
  for (;;) {
    const ledger = await readLedger(registry, useCase);
    const [before] = ledger;
    if (!before) throw new CannotRollBackError(`Cannot roll back "${useCase}": nothing was ever released`);
    const { version, target } = await findTarget(services, ledger, request);
    if (target) await readModelFile(objects, { useCase, modelSha256: target.modelSha256 });
    const entry = nextEntry(before, {
      ...{ at: clock.now().toISOString(), by, decision: 'rolled back', version, release: before.running },
      ...{ reason, running: null },
      routing: target
        ? routeAllTo(target, before.routing, saltOf(useCase, before.running ?? 0))
        : endTrial(before.routing),
      evidence: { from: before.routing?.variants[0]?.version ?? null, to: target?.version ?? null },
    });
    try {
      await appendEntry(registry, useCase, entry);
      return { before, entry };
    } catch (error) {
      if (!(error instanceof LedgerMovedError)) throw error;
    }
  }
}

/** The version that leaves, and the one that comes; none comes where a release ends before there was a champion. */
async function findTarget(
  { registry }: ReleaseServices,
  ledger: readonly LedgerEntry[],
  request: RollBackRequest,
): Promise<{ version: number; target: RoutedVersion | undefined }> {
  const { useCase, to } = request;
  const [latest] = ledger;
  const champion = latest!.routing?.variants[0];
  const { running } = latest!;
  const onTrial = running === null ? undefined : (await readRelease(registry, useCase, running)).version;
  const version = onTrial ?? champion?.version ?? 0;
  requireLeaving(request, version);
  if (to === champion?.version && onTrial === undefined) {
    throw new CannotRollBackError(`Cannot roll back "${useCase}": version ${to} answers already`);
  }
  if (to !== undefined) return { version, target: await findGood({ registry }, ledger, useCase, to) };
  if (onTrial !== undefined) return { version, target: champion };
  const target = previousChampion(ledger);
  if (target) return { version, target };
  throw new CannotRollBackError(`Cannot roll back "${useCase}": no version was champion before ${version}`);
}

function requireLeaving({ useCase, from }: RollBackRequest, version: number): void {
  if (from === undefined || from === version) return;
  throw new CannotRollBackError(`Cannot roll back "${useCase}" from version ${from}: version ${version} would leave`);
}

/** A version that passed the gate, or was champion once. */
async function findGood(
  { registry }: Pick<ReleaseServices, 'registry'>,
  ledger: readonly LedgerEntry[],
  useCase: string,
  number: number,
): Promise<RoutedVersion> {
  const version = await readVersion(registry, useCase, number);
  const wasChampion = ledger.some(({ routing }) => routing?.variants[0]?.version === number);
  const decision = findDecision(ledger, number);
  if (wasChampion || decision?.decision === 'passed') return version;
  const state = decision ? `the gate rejected it: ${decision.reason}` : 'it has not been through the gate';
  throw new CannotRollBackError(`Cannot roll back "${useCase}" to version ${number}: ${state}`);
}
