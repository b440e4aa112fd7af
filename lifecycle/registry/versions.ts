import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import { partition, sequenceKey } from './keys.ts';
import type { Run, RunModel } from './runs.ts';

/** A registered model, never changed once put: what became of it stands in the ledger. */
export interface Version
  extends Pick<Run, 'useCase' | 'runId' | 'parameters' | 'seed' | 'manifestKey' | 'tags' | 'threshold'>,
    Pick<RunModel, 'metrics' | 'modelSha256' | 'modelBytes'> {
  /** 1, 2, 3 … */
  readonly version: number;
  /** ISO instant. */
  readonly createdAt: string;
  /** ARN of the execution that registered it. */
  readonly createdBy: string;
}

/** Thrown when no version has the number. */
export class VersionNotFoundError extends Error {
  override readonly name = 'VersionNotFoundError';

  constructor(useCase: string, version: number) {
    super(`Use case "${useCase}" has no version ${version}`);
  }
}

type VersionItem = Version & Key;

/** Registers a model under the next number. The run is the claim: retries and races of one run get one number, two runs get two. */
export async function claimVersion(registry: Table, claim: Omit<Version, 'version'>): Promise<Version> {
  for (;;) {
    const versions = await listVersions(registry, claim.useCase);
    const own = versions.find(({ runId }) => runId === claim.runId);
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

/** Reads versions, newest first. */
export async function listVersions(registry: Table, useCase: string, limit?: number): Promise<Version[]> {
  const items = await registry.query<VersionItem>(partition(useCase, 'version'), { descending: true, limit });
  return items.map(withoutKey);
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

function withoutKey({ pk, sk, ...version }: VersionItem): Version {
  return version;
}
