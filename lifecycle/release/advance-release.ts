import { ObjectNotFoundError } from '../../platform/objects.ts';
import { CorruptModelError } from '../inference/errors.ts';
import { readModelFile } from '../registry/model-files.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import { announceEnding, announceStep } from './announce.ts';
import { decideRelease, type ReleaseAction } from './decide-release.ts';
import { endings, ReleaseMovedError } from './errors.ts';
import {
  appendEntry,
  type LedgerEntry,
  LedgerMovedError,
  nextEntry,
  type Resolution,
  readLatestEntry,
  readReleaseEntries,
} from './ledger.ts';
import { nameStep } from './name-step.ts';
import type { ReleaseServices } from './release-services.ts';
import { changeRelease, type Release, readRelease } from './releases.ts';
import { endTrial, routeAllTo, routeStep, saltOf } from './routing.ts';

/** What a release waits for. */
export type ReleasePause = Extract<ReleaseAction, { act: 'await approval' | 'gate' | 'judge' | 'wait' | 'end' }>;

export interface AdvanceOptions {
  readonly useCase: string;
  readonly release: number;
  /** Who acts: an execution ARN or a person. */
  readonly by: string;
}

/**
 * Does all that is due in a release, decision by decision from its recorded state, and says what it waits for then.
 * Each act can be done again: what it has put into the ledger is found there, and an event may come twice.
 *
 * @throws {ReleaseNotFoundError}
 */
export async function advanceRelease(services: ReleaseServices, options: AdvanceOptions): Promise<ReleasePause> {
  const { registry, clock } = services;
  for (;;) {
    const release = await readRelease(registry, options.useCase, options.release);
    const latest = await readLatestEntry(registry, options.useCase);
    const action = decideRelease(release, latest?.running ?? null, clock.now());
    if (isPause(action)) return action;
    try {
      await carryOut({ services, by: options.by, release, latest: latest! }, action);
    } catch (error) {
      // Somebody else acted: what came of it is the ground to decide on.
      if (!(error instanceof ReleaseMovedError || error instanceof LedgerMovedError)) throw error;
    }
  }
}

function isPause(action: ReleaseAction): action is ReleasePause {
  return ['await approval', 'gate', 'judge', 'wait', 'end'].includes(action.act);
}

interface Act {
  readonly services: ReleaseServices;
  readonly by: string;
  readonly release: Release;
  /** The ledger's last entry; a running release has one. */
  readonly latest: LedgerEntry;
}

async function carryOut(act: Act, action: Exclude<ReleaseAction, ReleasePause>): Promise<void> {
  switch (action.act) {
    case 'ask for approval':
      return askForApproval(act, action.deadline);
    case 'shift':
      return shift(act, action.step);
    case 'promote':
      return promote(act, action.reason);
    case 'roll back':
      return end(act, 'rolled back', action.reason);
    case 'decline':
      return end(act, 'declined', action.reason);
    case 'close':
      return close(act);
  }
}

async function askForApproval({ services, release }: Act, deadline: string): Promise<void> {
  const { registry, events, clock } = services;
  const { useCase, release: number, version } = release;
  await events.put('Approval Wanted', { useCase, release: number, version, deadline });
  const approval = { wantedAt: clock.now().toISOString(), deadline, answer: null };
  await changeRelease(registry, release, { approval });
}

async function shift(act: Act, index: number): Promise<void> {
  const { services, release, latest } = act;
  const { registry, events } = services;
  const { useCase, release: number, steps, verdicts, approval } = release;
  const step = steps[index]!;
  const shifts = (await readReleaseEntries(registry, useCase, number)).filter(({ decision }) => decision === 'shifted');
  let entry = shifts.toReversed()[index];
  if (!entry) {
    const version = await readSound(act);
    if (!version) return;
    entry = await append(act, {
      decision: 'shifted',
      reason: index === 0 ? `first step: ${nameStep(step)}` : `${nameStep(step)}: ${verdicts[index - 1]!.reason}`,
      routing: routeStep(latest.routing!, version, step, saltOf(useCase, number)),
      evidence: { step, verdict: verdicts[index - 1] ?? null, approval },
    });
  }
  await announceStep(events, useCase, entry, step);
  await changeRelease(registry, release, { step: index, since: entry.at });
}

async function promote(act: Act, reason: string): Promise<void> {
  const { useCase, release: number, strategy, champion, verdicts, approval } = act.release;
  const version = await readSound(act);
  if (!version) return;
  await append(act, {
    decision: 'promoted',
    running: null,
    reason,
    routing: routeAllTo(version, act.latest.routing, saltOf(useCase, number)),
    evidence: { strategy, champion, verdicts, approval },
  });
}

/** Ends the release with the champion as it was. */
async function end(act: Act, decision: 'rolled back' | 'declined', reason: string): Promise<void> {
  const { strategy, champion, verdicts, approval } = act.release;
  await append(act, {
    decision,
    running: null,
    reason,
    routing: endTrial(act.latest.routing),
    evidence: { strategy, champion, verdicts, approval },
  });
}

/** Lets the record say what the ledger says. */
async function close({ services, release }: Act): Promise<void> {
  const { registry, events } = services;
  const entries = await readReleaseEntries(registry, release.useCase, release.release);
  const ending = entries.find(({ decision }) => endings.includes(decision))!;
  await announceEnding(events, release.useCase, ending, release.champion);
  const { decision, at, reason } = ending;
  await changeRelease(registry, release, { status: decision as Release['status'], endedAt: at, reason });
}

/** Reads the version and verifies its file; one that cannot be served is taken back, and nothing is returned. */
async function readSound(act: Act): Promise<Version | undefined> {
  const { registry, objects } = act.services;
  const version = await readVersion(registry, act.release.useCase, act.release.version);
  try {
    await readModelFile(objects, version);
    return version;
  } catch (error) {
    if (!(error instanceof CorruptModelError || error instanceof ObjectNotFoundError)) throw error;
    await end(act, 'rolled back', error.message);
    return undefined;
  }
}

async function append(
  { services, by, release, latest }: Act,
  decided: Omit<Resolution, 'at' | 'by' | 'version' | 'release'>,
): Promise<LedgerEntry> {
  const { version, release: number, useCase } = release;
  const at = services.clock.now().toISOString();
  const entry = nextEntry(latest, { at, by, version, release: number, ...decided });
  await appendEntry(services.registry, useCase, entry);
  return entry;
}
