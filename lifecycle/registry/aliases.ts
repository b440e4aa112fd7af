import type { Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import { appendEntry, type LedgerEntry, LedgerMovedError, nextEntry, readLatestEntry } from '../release/ledger.ts';
import { parseVersionNumber, readVersion, VersionNotFoundError } from './versions.ts';

/** Thrown when a name cannot be given to a version. */
export class InvalidAliasError extends Error {
  override readonly name = 'InvalidAliasError';
}

export interface NameVersionOptions {
  readonly useCase: string;
  readonly alias: string;
  /** Null takes the name away. */
  readonly version: number | null;
  /** Who names it. */
  readonly by: string;
  readonly reason: string;
}

/**
 * Gives a version a name, or takes the name away, by an entry in the ledger: so it is known what had the name when.
 *
 * @throws {InvalidAliasError} @throws {VersionNotFoundError}
 */
export async function nameVersion(
  { registry, clock }: { registry: Table; clock: Clock },
  { useCase, alias, version, by, reason }: NameVersionOptions,
): Promise<LedgerEntry> {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(alias) || reserved.test(alias)) {
    throw new InvalidAliasError(
      `Cannot call a version "${alias}": expected up to 32 lower-case letters, digits and "-", and no variant's name`,
    );
  }
  if (version !== null) await readVersion(registry, useCase, version);
  for (;;) {
    const latest = await readLatestEntry(registry, useCase);
    const routing = latest?.routing;
    if (!routing)
      throw new InvalidAliasError(`Cannot call a version of "${useCase}" "${alias}": none was released yet`);
    const { [alias]: before, ...others } = routing.aliases;
    if (before === (version ?? undefined)) return latest;
    const aliases = version === null ? others : { ...others, [alias]: version };
    const entry = nextEntry(latest, {
      ...{ at: clock.now().toISOString(), by, reason, decision: 'aliased', version: version ?? before!, release: null },
      routing: { ...routing, aliases },
      evidence: { alias, before: before ?? null, after: version },
    });
    try {
      await appendEntry(registry, useCase, entry);
      return entry;
    } catch (error) {
      if (!(error instanceof LedgerMovedError)) throw error;
    }
  }
}

const reserved = /^(champion|challenger(-\d+)?|shadow|pinned)$/;

/**
 * Reads which version is meant by a number, by a name, or by `champion`.
 *
 * @throws {VersionNotFoundError} when nothing is; a number is not looked up
 */
export async function resolveVersion(registry: Table, useCase: string, text: string): Promise<number> {
  if (!/^[a-z]/.test(text)) return parseVersionNumber(useCase, text);
  const routing = (await readLatestEntry(registry, useCase))?.routing;
  const aliases = new Map(Object.entries(routing?.aliases ?? {}));
  const version = text === 'champion' ? routing?.variants[0]?.version : aliases.get(text);
  if (version === undefined) throw new VersionNotFoundError(useCase, text.slice(0, 64));
  return version;
}
