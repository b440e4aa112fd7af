import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Scope, scopes } from '../../contracts/http.ts';
import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';

/** Who may call the HTTP API, and for what. The secret itself is stored nowhere. */
export interface AccessKey {
  readonly keyId: string;
  /** What people call it. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** ISO instants. */
  readonly createdAt: string;
  /** From then on the key opens nothing; null = never. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface NewAccessKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** @default - never */
  readonly expiresAt?: Date;
}

/** Thrown when no access key has the id. */
export class AccessKeyNotFoundError extends Error {
  override readonly name = 'AccessKeyNotFoundError';

  constructor(keyId: string, options?: ErrorOptions) {
    super(`There is no access key "${keyId}"`, options);
  }
}

const partition = 'access-key';

type AccessKeyItem = AccessKey & Key & { readonly secretSha256: string };

/**
 * Makes an access key.
 *
 * @returns the key as callers send it, `prn_<key id>_<secret>`, which cannot be read again, and its record
 * @throws {RangeError} when it would open nothing
 */
export async function createAccessKey(
  { registry, clock }: { registry: Table; clock: Clock },
  { name, scopes: granted, expiresAt }: NewAccessKey,
): Promise<{ key: string; record: AccessKey }> {
  const unknown = granted.filter(scope => !scopes.includes(scope));
  if (granted.length === 0 || unknown.length > 0) {
    throw new RangeError(`Cannot grant scopes "${granted}": expected one or more of ${scopes.join(', ')}`);
  }
  if (expiresAt && expiresAt <= clock.now()) {
    throw new RangeError(`Cannot make a key that has expired: ${expiresAt.toISOString()} is past`);
  }
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  const record = {
    keyId,
    name,
    scopes: [...new Set(granted)],
    createdAt: clock.now().toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    revokedAt: null,
  };
  const item: AccessKeyItem = { pk: partition, sk: keyId, ...record, secretSha256: digest(secret).toString('hex') };
  await registry.put(item, absent);
  return { key: `prn_${keyId}_${secret}`, record };
}

/** Reads all keys, the revoked and expired ones too, oldest first. */
export async function listAccessKeys(registry: Table): Promise<AccessKey[]> {
  const items = await registry.query<AccessKeyItem>(partition);
  return items.map(toRecord).sort((left, right) => (left.createdAt < right.createdAt ? -1 : 1));
}

/**
 * Closes a key for ever; one that is revoked already stays as it is.
 *
 * @throws {AccessKeyNotFoundError}
 */
export async function revokeAccessKey(
  { registry, clock }: { registry: Table; clock: Clock },
  keyId: string,
): Promise<AccessKey> {
  const item = await registry.get<AccessKeyItem>({ pk: partition, sk: keyId });
  if (!item) throw new AccessKeyNotFoundError(keyId);
  if (item.revokedAt) return toRecord(item);
  try {
    const revoked = await registry.update<AccessKeyItem>(
      { pk: partition, sk: keyId },
      { expression: 'SET revokedAt = :now', values: { now: clock.now().toISOString() } },
      'attribute_exists(pk)',
    );
    return toRecord(revoked);
  } catch (error) {
    if (error instanceof ConditionFailedError) throw new AccessKeyNotFoundError(keyId, { cause: error });
    throw error;
  }
}

/**
 * Finds out whose key this is.
 *
 * @returns the record, or undefined when the key is malformed, unknown, wrong, revoked or expired
 */
export async function verifyAccessKey(
  { registry, clock }: { registry: Table; clock: Clock },
  key: string,
): Promise<AccessKey | undefined> {
  const { keyId, secret } = /^prn_(?<keyId>[0-9a-f]{16})_(?<secret>[\w-]{43})$/.exec(key)?.groups ?? {};
  if (keyId === undefined || secret === undefined) return undefined;
  const item = await registry.get<AccessKeyItem>({ pk: partition, sk: keyId });
  if (!item || !timingSafeEqual(digest(secret), Buffer.from(item.secretSha256, 'hex'))) return undefined;
  const isExpired = item.expiresAt !== null && Date.parse(item.expiresAt) <= clock.now().getTime();
  return item.revokedAt === null && !isExpired ? toRecord(item) : undefined;
}

/** A secret of 256 random bits needs no slow hash: nobody can try them all. */
function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

function toRecord({ keyId, name, scopes, createdAt, expiresAt, revokedAt }: AccessKeyItem): AccessKey {
  return { keyId, name, scopes, createdAt, expiresAt, revokedAt };
}
