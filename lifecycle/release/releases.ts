import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { ReleasePolicy, ReleaseStep, ReleaseStrategy } from '../../use-cases/release-policy.ts';
import { partition, sequenceKey, withoutKey } from '../registry/keys.ts';
import { walkNumbered } from '../registry/walk-back.ts';
import { ReleaseMovedError, ReleaseNotFoundError } from './errors.ts';
import type { Verdict } from './judge.ts';

/** `waiting` for its turn, `superseded` by a newer one before it came. */
export type ReleaseStatus = 'waiting' | 'running' | 'promoted' | 'rolled back' | 'declined' | 'superseded';

/** What the judge found of a step, the last time it looked. */
export interface RecordedVerdict extends Verdict {
  /** ISO instant up to which the evidence goes. */
  readonly at: string;
}

/** A person's agreement, wanted before any traffic moves. */
export interface Approval {
  /** ISO instants. */
  readonly wantedAt: string;
  readonly deadline: string;
  /** Null until somebody decided. */
  readonly answer: {
    readonly decision: 'approved' | 'rejected';
    readonly by: string;
    readonly at: string;
    readonly reason: string;
  } | null;
}

/** Moving traffic to a version, and how far it is: the whole state, from which any execution goes on. */
export interface Release {
  readonly useCase: string;
  /** 1, 2, 3 … within the use case. */
  readonly release: number;
  readonly version: number;
  readonly strategy: ReleaseStrategy;
  /** As it was when the release was asked for. */
  readonly policy: ReleasePolicy;
  /** ISO instant. */
  readonly requestedAt: string;
  /** ARN of the execution or person who asked for it. */
  readonly requestedBy: string;
  /** A request that comes again has the same one. */
  readonly requestId: string;
  readonly status: ReleaseStatus;
  /** ISO instant; null while it waits for its turn. */
  readonly startedAt: string | null;
  /** The version that answered then; null where none did. */
  readonly champion: number | null;
  /** The gate's decision against the champion above; null before it is made. */
  readonly gate: 'passed' | 'rejected' | null;
  /** Null where the policy asks for none, and before it did. */
  readonly approval: Approval | null;
  /** What comes before the version is the champion; empty while it waits for its turn. */
  readonly steps: readonly ReleaseStep[];
  /** Which of the steps runs, from 0; −1 before the first. */
  readonly step: number;
  /** ISO instant at which that step began. */
  readonly since: string | null;
  /** One per step that the judge looked at. */
  readonly verdicts: readonly RecordedVerdict[];
  /** ISO instant. */
  readonly endedAt: string | null;
  /** How it ended, in words. */
  readonly reason: string | null;
  /** How many executions were started to carry it out, and the last of them. */
  readonly executions: number;
  readonly executionId: string | null;
  /** Counts the changes; each is made on the one before it. */
  readonly revision: number;
}

type ReleaseItem = Release & Key;

/** What is known of a release when it is asked for. */
export type ReleaseClaim = Pick<
  Release,
  'useCase' | 'version' | 'strategy' | 'policy' | 'requestedAt' | 'requestedBy' | 'requestId'
>;

/** Puts a release under the next number, waiting for its turn. The request is the claim: retries and races of one get one number. */
export async function claimRelease(registry: Table, claim: ReleaseClaim): Promise<Release> {
  for (;;) {
    const releases = await listReleases(registry, claim.useCase);
    const own = releases.find(({ requestId }) => requestId === claim.requestId);
    if (own) return own;
    const release: Release = { ...claim, ...beginning, release: (releases[0]?.release ?? 0) + 1 };
    try {
      await registry.put({ ...releaseKey(release), ...release }, absent);
      return release;
    } catch (error) {
      // Another one took the number.
      if (!(error instanceof ConditionFailedError)) throw error;
    }
  }
}

const beginning: Omit<Release, keyof ReleaseClaim | 'release'> = {
  status: 'waiting',
  startedAt: null,
  champion: null,
  gate: null,
  approval: null,
  steps: [],
  step: -1,
  since: null,
  verdicts: [],
  endedAt: null,
  reason: null,
  executions: 0,
  executionId: null,
  revision: 0,
};

/** @throws {ReleaseNotFoundError} */
export async function readRelease(registry: Table, useCase: string, release: number): Promise<Release> {
  const item = await registry.get<ReleaseItem>(releaseKey({ useCase, release }));
  if (!item) throw new ReleaseNotFoundError(useCase, release);
  return withoutKey(item);
}

/** Reads releases, newest first. */
export async function listReleases(registry: Table, useCase: string, limit?: number): Promise<Release[]> {
  const items = await registry.query<ReleaseItem>(partition(useCase, 'release'), { descending: true, limit });
  return items.map(withoutKey);
}

/** Goes back through the releases, newest first. @param before number of a release, beyond which it begins */
export function walkReleases(registry: Table, useCase: string, before?: number): AsyncGenerator<Release> {
  return walkNumbered<ReleaseItem>(registry, partition(useCase, 'release'), before);
}

/**
 * Changes a release that is still as it was read.
 *
 * @returns it as it is now
 * @throws {ReleaseMovedError}
 */
export async function changeRelease(registry: Table, before: Release, change: Partial<Release>): Promise<Release> {
  const after = { ...before, ...change, revision: before.revision + 1 };
  const unchanged = { names: { revision: 'revision' }, values: { revision: before.revision } };
  try {
    await registry.put({ ...releaseKey(after), ...after }, { expression: '#revision = :revision', ...unchanged });
    return after;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    throw new ReleaseMovedError(before.useCase, before.release, { cause: error });
  }
}

function releaseKey({ useCase, release }: Pick<Release, 'useCase' | 'release'>): Key {
  return { pk: partition(useCase, 'release'), sk: sequenceKey(release) };
}
