import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { partition, sequenceKey, withoutKey } from './keys.ts';
import { readVersion } from './versions.ts';

/** What people say about a version, beside what is on record of it and never changes. */
export interface VersionNotes {
  readonly version: number;
  readonly description: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Anything else worth keeping, as JSON. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Counts the changes; 0 before the first. */
  readonly revision: number;
  /** ISO instant of the last change, and whose it was. */
  readonly changedAt: string | null;
  readonly changedBy: string | null;
}

/** What is to be changed; what is absent stays. */
export interface NotesChange {
  /** Null takes it away. */
  readonly description?: string | null;
  /** Null takes a tag away. */
  readonly tags?: Readonly<Record<string, string | null>>;
  /** Replaces all of it. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Thrown when notes are longer than a version keeps, or a tag's name is none. */
export class InvalidNotesError extends Error {
  override readonly name = 'InvalidNotesError';
}

/** What a version keeps at most: characters, and tags. */
export const notesLimits = { description: 4_000, tags: 50, tagValue: 256, metadata: 16_000 } as const;

type NotesItem = VersionNotes & Key;

/** Reads the notes of a version; empty ones where nobody said anything. */
export async function readNotes(registry: Table, useCase: string, version: number): Promise<VersionNotes> {
  const item = await registry.get<NotesItem>(notesKey(useCase, version));
  return item ? withoutKey(item) : noNotes(version);
}

/** Reads the notes of all versions that have any, by version. */
export async function listNotes(registry: Table, useCase: string): Promise<ReadonlyMap<number, VersionNotes>> {
  const items = await registry.query<NotesItem>(partition(useCase, 'version-notes'));
  return new Map(items.map(item => [item.version, withoutKey(item)]));
}

/** The notes of a version that nobody said anything about. */
export function noNotes(version: number): VersionNotes {
  return { version, description: null, tags: {}, metadata: {}, revision: 0, changedAt: null, changedBy: null };
}

export interface ChangeNotesOptions {
  readonly useCase: string;
  readonly version: number;
  readonly change: NotesChange;
  /** Who changes them. */
  readonly by: string;
}

/**
 * Changes what is said about a version. Changes by two people at once are both kept.
 *
 * @throws {VersionNotFoundError} @throws {InvalidNotesError}
 */
export async function changeNotes(
  { registry, clock }: { registry: Table; clock: Clock },
  { useCase, version, change, by }: ChangeNotesOptions,
): Promise<VersionNotes> {
  await readVersion(registry, useCase, version);
  for (;;) {
    const before = await readNotes(registry, useCase, version);
    const changed = { revision: before.revision + 1, changedAt: clock.now().toISOString(), changedBy: by };
    const after = { ...applyChange(before, change), ...changed };
    requireLimits(after);
    if (await putNotes(registry, useCase, after)) return after;
  }
}

/** Makes the change in memory. */
export function applyChange(before: VersionNotes, { description, tags, metadata }: NotesChange): VersionNotes {
  const merged = Object.entries({ ...before.tags, ...tags }).filter(([, value]) => value !== null);
  return {
    ...before,
    description: description === undefined ? before.description : description,
    tags: Object.fromEntries(merged) as VersionNotes['tags'],
    metadata: metadata ?? before.metadata,
  };
}

function requireLimits({ description, tags, metadata }: VersionNotes): void {
  const problems = [
    atMost('the description', description?.length ?? 0, notesLimits.description, 'characters'),
    atMost('the tags', Object.keys(tags).length, notesLimits.tags, 'tags'),
    ...Object.entries(tags).flatMap(([name, value]) => [
      /^[A-Za-z][\w.:-]{0,63}$/.test(name)
        ? undefined
        : `tag "${name}" is not a letter and up to 63 letters, digits, "_", ".", ":" or "-"`,
      atMost(`tag "${name}"`, value.length, notesLimits.tagValue, 'characters'),
    ]),
    atMost('the metadata', JSON.stringify(metadata).length, notesLimits.metadata, 'characters as JSON'),
  ].filter(problem => problem !== undefined);
  if (problems.length > 0) throw new InvalidNotesError(`Cannot keep the notes: ${problems.join('; ')}`);
}

function atMost(what: string, found: number, limit: number, unit: string): string | undefined {
  return found > limit ? `${what}: ${found} ${unit}, at most ${limit} are kept` : undefined;
}

/** Whether the notes are still those that were read. */
async function putNotes(registry: Table, useCase: string, notes: VersionNotes): Promise<boolean> {
  const unchanged = {
    expression: '#revision = :before',
    names: { revision: 'revision' },
    values: { before: notes.revision - 1 },
  };
  try {
    await registry.put({ ...notesKey(useCase, notes.version), ...notes }, notes.revision === 1 ? absent : unchanged);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailedError) return false;
    throw error;
  }
}

function notesKey(useCase: string, version: number): Key {
  return { pk: partition(useCase, 'version-notes'), sk: sequenceKey(version) };
}
