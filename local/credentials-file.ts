import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';
import { localRegion } from './service.ts';
import type { AccessKey } from './state-folder.ts';

/**
 * Writes `credentials.env` into the state folder, readable by its owner only: the variables by which the AWS SDK, the `aws` command line and
 * `perennial` find the embedded cloud, and by which they tell the time in it.
 *
 * @param clock the clock's variables
 */
export function writeCredentials(
  stateFolder: string,
  endpoint: string,
  { accessKeyId, secretAccessKey }: AccessKey,
  clock: Readonly<Record<string, string>>,
): void {
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: localRegion,
    // boto3 and version 1 of the command line know the region by this name only.
    AWS_DEFAULT_REGION: localRegion,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...clock,
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  replaceFile(join(stateFolder, 'credentials.env'), lines.join(''), 0o600);
}
