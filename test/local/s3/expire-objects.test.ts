import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expireObjects, readExpiryRules } from '../../../local/s3/expire-objects.ts';

const day = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'perennial-expiry-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('objects below a prefix are deleted once they are older than its rule says', async () => {
  for (const prefix of ['athena/deep', 'landing']) {
    mkdirSync(join(folder, prefix), { recursive: true });
    for (const suffix of ['object', 'object.md5', 'metadata.json']) {
      writeFileSync(join(folder, prefix, `key._S3rver_${suffix}`), '');
    }
  }
  const rules = readExpiryRules({
    LifecycleConfiguration: {
      Rules: [
        { Status: 'Enabled', Prefix: 'athena/', ExpirationInDays: 7 },
        { Status: 'Disabled', Prefix: 'landing/', ExpirationInDays: 1 },
        { Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        { Status: 'Enabled', Prefix: 'absent/', ExpirationInDays: 1 },
      ],
    },
  });
  const left = () => ['athena/deep', 'landing'].map(prefix => readdirSync(join(folder, prefix)).length);
  await expireObjects(folder, rules, Date.now() + 6.9 * day);
  expect(left()).toEqual([3, 3]);
  await expireObjects(folder, rules, Date.now() + 7.1 * day);
  expect(left()).toEqual([0, 3]);
});
