import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { Evaluation } from '../training/evaluation.ts';
import { partition, sequenceKey, withoutKey } from './keys.ts';
import type { Run, RunModel, RunTags } from './runs.ts';
import { walkNumbered } from './walk-back.ts';

/** A registered model, never changed once put: what became of it stands in the ledger. */
export interface Version
  extends Pick<Run, 'useCase' | 'seed' | 'manifestKey' | 'threshold'>,
    Pick<RunModel, 'modelSha256' | 'modelBytes'> {
  /** The run that made the model; null of an imported one. */
  readonly runId: string | null;
  /** Null of an imported model. */
  readonly parameters: Run['parameters'] | null;
  /** Where the rows came from that trained a model, or that an imported one was measured on. */
  readonly tags: VersionTags;
  readonly metrics: {
    /** Null of an imported model: nobody knows which rows it has seen. */
    readonly outOfFold: Evaluation | null;
    readonly holdout: Evaluation;
  };
  /** 1, 2, 3 … */
  readonly version: number;
  /** ISO instant. */
  readonly createdAt: string;
  /** ARN of the execution that registered it, or the person who imported it. */
  readonly createdBy: string;
}

/** As those of a run; no trainer's code made an imported model. */
export type VersionTags = Omit<RunTags, 'code_version'> & { readonly code_version: string | null };

/** Thrown when no version has the number. */
export class VersionNotFoundError extends Error {
  override readonly name = 'VersionNotFoundError';

  constructor(useCase: string, version: number | string) {
    super(`Use case "${useCase}" has no version ${version}`);
  }
}

type VersionItem = Version & Key;

/**
 * Registers a model under the next number. The run is the claim, or of an imported model the file: retries and races of one run get one number,
 * two runs get two.
 */
export async function claimVersion(registry: Table, claim: Omit<Version, 'version'>): Promise<Version> {
  for (;;) {
    const versions = await listVersions(registry, claim.useCase);
    const own = versions.find(version => isSameClaim(version, claim));
    if (own) return own;
    const version = { ...claim, version: (versions[0]?.version ?? 0) + 1 };
    if (await putFirst(registry, version)) return version;
  }
}

/** @throws {VersionNotFoundError} */
export async function readVersion(registry: Table, useCase: string, number: number): Promise<Version> {
  const item = await registry.get<VersionItem>(versionKey(useCase, number));
  if (!item) throw new VersionNotFoundError(useCase, number);
  return withoutKey(item);
}

/** Reads the number of a version as people write it. @throws {VersionNotFoundError} when it is none */
export function parseVersionNumber(useCase: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new VersionNotFoundError(useCase, text.slice(0, 64));
}

/** Reads versions, newest first. */
export async function listVersions(registry: Table, useCase: string, limit?: number): Promise<Version[]> {
  const items = await registry.query<VersionItem>(partition(useCase, 'version'), { descending: true, limit });
  return items.map(withoutKey);
}

/** Goes back through the versions, newest first. @param before number of a version, beyond which it begins */
export function walkVersions(registry: Table, useCase: string, before?: number): AsyncGenerator<Version> {
  return walkNumbered<VersionItem>(registry, partition(useCase, 'version'), before);
}

function isSameClaim(version: Version, claim: Omit<Version, 'version'>): boolean {
  return claim.runId === null ? version.modelSha256 === claim.modelSha256 : version.runId === claim.runId;
}

/** Whether the number was still free. */
async function putFirst(registry: Table, version: Version): Promise<boolean> {
  try {
    await registry.put({ ...versionKey(version.useCase, version.version), ...version }, absent);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailedError) return false;
    throw error;
  }
}

function versionKey(useCase: string, number: number): Key {
  return { pk: partition(useCase, 'version'), sk: sequenceKey(number) };
}
