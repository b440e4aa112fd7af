import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import { type LedgerEntry, readLedger, walkLedger } from '../release/ledger.ts';
import { isBefore, type VersionStatus, versionStatus } from '../release/version-status.ts';
import type { Signature } from './model-card.ts';
import { readModelCard } from './model-files.ts';
import { listNotes, noNotes, readNotes, type VersionNotes } from './version-notes.ts';
import { listVersions, readVersion, type Version, walkVersions } from './versions.ts';

/** A version with what became of it and what people say about it. */
export interface VersionDescription extends Version {
  readonly status: VersionStatus;
  /** Names that people gave to it. */
  readonly aliases: readonly string[];
  readonly notes: VersionNotes;
}

/** A version with all that is known of it beside its file. */
export interface VersionDetail extends VersionDescription {
  readonly signature: Signature;
  /** What was decided on it, newest first. */
  readonly decisions: readonly LedgerEntry[];
}

/** Describes all versions of a use case, newest first. */
export async function describeVersions(registry: Table, useCase: string): Promise<VersionDescription[]> {
  const [versions, ledger, notes] = await Promise.all([
    listVersions(registry, useCase),
    readLedger(registry, useCase),
    listNotes(registry, useCase),
  ]);
  return versions.map(version => describe(version, ledger, notes.get(version.version) ?? noNotes(version.version)));
}

/** Describes versions, newest first, and reads of the ledger no more than they are old. @param before number of a version, beyond which it begins */
export async function* walkDescriptions(
  registry: Table,
  useCase: string,
  before?: number,
): AsyncGenerator<VersionDescription> {
  const ledger: LedgerEntry[] = [];
  const older = walkLedger(registry, useCase);
  for await (const version of walkVersions(registry, useCase, before)) {
    while (!ledger.length || !isBefore(ledger.at(-1)!, version)) {
      const { value, done } = await older.next();
      if (done) break;
      ledger.push(value);
    }
    yield describe(version, ledger, await readNotes(registry, useCase, version.version));
  }
}

/**
 * Describes one version in full.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelCardError} @throws {ObjectNotFoundError}
 */
export async function describeVersion(
  { registry, objects }: { registry: Table; objects: Objects },
  useCase: string,
  number: number,
): Promise<VersionDetail> {
  const version = await readVersion(registry, useCase, number);
  const [ledger, notes, { signature }] = await Promise.all([
    readLedger(registry, useCase),
    readNotes(registry, useCase, number),
    readModelCard(objects, version),
  ]);
  const decisions = ledger.filter(entry => entry.version === number);
  return { ...describe(version, ledger, notes), signature, decisions };
}

function describe(version: Version, ledger: readonly LedgerEntry[], notes: VersionNotes): VersionDescription {
  const aliases = Object.entries(ledger[0]?.routing?.aliases ?? {});
  return {
    ...version,
    status: versionStatus(ledger, version.version),
    aliases: aliases.filter(([, number]) => number === version.version).map(([alias]) => alias),
    notes,
  };
}
