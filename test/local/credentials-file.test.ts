import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { writeCredentials } from '../../local/credentials-file.ts';

const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
afterAll(() => rm(folder, { recursive: true }));

test('writeCredentials() keeps endpoint, region, key and clock where only the owner reads them', async () => {
  const key = { accessKeyId: 'AKIA1', secretAccessKey: 'a/b+c==' };

  writeCredentials(folder, 'http://127.0.0.1:4567', key, { CLOCK_SPEED: '60' });

  const file = join(folder, 'credentials.env');
  expect(parseEnv(await readFile(file, 'utf8'))).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4567',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIA1',
    AWS_SECRET_ACCESS_KEY: 'a/b+c==',
    CLOCK_SPEED: '60',
  });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
