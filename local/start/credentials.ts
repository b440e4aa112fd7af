import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cloud } from '../cloud.ts';
import { localRegion } from '../service.ts';

/** Keeps the variables that point an AWS SDK or the `aws` command at the cloud, for its owner only. */
export async function keepCredentials(stateFolder: string, { awsUrl, administrator }: Cloud): Promise<void> {
  const variables = {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: administrator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(join(stateFolder, 'credentials.env'), lines.join(''), { mode: 0o600 });
}
