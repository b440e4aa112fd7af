import {
  AccessKeyNotFoundError,
  createAccessKey,
  listAccessKeys,
  revokeAccessKey,
  verifyAccessKey,
} from '../../../lifecycle/access/access-keys.ts';
import { connectTable, type Key, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let services: EmbeddedServices;
let registry: Table;
let now = Date.parse('2026-03-01T12:00:00Z');
const clock = { now: () => new Date(now), real: (ms: number) => ms };
const day = 24 * 60 * 60 * 1_000;

beforeAll(async () => {
  services = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => services.stop());

describe('an access key', () => {
  test('opens what it was made for', async () => {
    const { key, record } = await createAccessKey(
      { registry, clock },
      { name: 'shop', scopes: ['predict', 'predict'] },
    );
    expect(key).toMatch(/^prn_[0-9a-f]{16}_[\w-]{43}$/);
    expect(record).toMatchObject({ name: 'shop', scopes: ['predict'], expiresAt: null, revokedAt: null });
    await expect(verifyAccessKey({ registry, clock }, key)).resolves.toEqual(record);
  });

  test('is stored without its secret', async () => {
    const { key, record } = await createAccessKey({ registry, clock }, { name: 'shop', scopes: ['view'] });
    const item = await registry.get<Key>({ pk: 'access-key', sk: record.keyId });
    expect(JSON.stringify(item)).not.toContain(key.split('_').slice(2).join('_'));
    expect(JSON.stringify(await listAccessKeys(registry))).not.toContain('secret');
  });

  test('opens nothing with another secret, another id or another form', async () => {
    const { key, record } = await createAccessKey({ registry, clock }, { name: 'shop', scopes: ['predict'] });
    const other = await createAccessKey({ registry, clock }, { name: 'other', scopes: ['predict'] });
    const secret = key.slice(-43);
    const wrong = [
      `prn_${other.record.keyId}_${secret}`,
      `prn_${'0'.repeat(16)}_${secret}`,
      `prn_${record.keyId}_${secret.slice(1)}`,
      key.toUpperCase(),
      `${key}x`,
      ` ${key}`,
      '',
      'prn__',
    ];
    for (const attempt of wrong) await expect(verifyAccessKey({ registry, clock }, attempt)).resolves.toBeUndefined();
  });

  test('opens nothing once it is revoked, and stays revoked as of the first time', async () => {
    const { key, record } = await createAccessKey({ registry, clock }, { name: 'shop', scopes: ['predict'] });
    const revoked = await revokeAccessKey({ registry, clock }, record.keyId);
    await expect(verifyAccessKey({ registry, clock }, key)).resolves.toBeUndefined();
    now += day;
    await expect(revokeAccessKey({ registry, clock }, record.keyId)).resolves.toEqual(revoked);
  });

  test('opens nothing from its expiry on', async () => {
    const expiresAt = new Date(now + day);
    const { key, record } = await createAccessKey(
      { registry, clock },
      { name: 'trial', scopes: ['predict'], expiresAt },
    );
    now = expiresAt.getTime() - 1;
    await expect(verifyAccessKey({ registry, clock }, key)).resolves.toEqual(record);
    now += 1;
    await expect(verifyAccessKey({ registry, clock }, key)).resolves.toBeUndefined();
  });

  test('is not made when it would open nothing', async () => {
    const expired = { name: 'late', scopes: ['predict'], expiresAt: new Date(now) } as const;
    await expect(createAccessKey({ registry, clock }, expired)).rejects.toThrow('Cannot make a key that has expired');
  });

  test('is listed in the order of creation', async () => {
    const names = ['third', 'first', 'second'];
    for (const name of names) {
      now += 1;
      await createAccessKey({ registry, clock }, { name, scopes: ['view'] });
    }
    expect((await listAccessKeys(registry)).slice(-3).map(({ name }) => name)).toEqual(names);
  });

  test('needs a scope that exists', async () => {
    const create = (scopes: string[]) =>
      createAccessKey({ registry, clock }, { name: 'x', scopes: scopes as 'view'[] });
    await expect(create([])).rejects.toThrow(RangeError);
    await expect(create(['view', 'admin'])).rejects.toThrow(
      'Cannot grant scopes "view,admin": expected one or more of predict, label, view, operate',
    );
  });

  test('that nobody made cannot be revoked', async () => {
    await expect(revokeAccessKey({ registry, clock }, 'nobody')).rejects.toThrow(AccessKeyNotFoundError);
  });
});
