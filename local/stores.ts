import { join } from 'node:path';
import type { Clock } from '../lifecycle/clock.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb/dynamodb.ts';
import { expireObjects, readExpiryRules } from './s3/expire-objects.ts';
import { type S3, startS3 } from './s3/s3.ts';
import type { Deployment } from './template/deployment.ts';

export interface Stores {
  readonly dynamoDb: DynamoDb;
  readonly s3: S3;
  /** Folder of the buckets. */
  readonly s3Root: string;
}

/** Opens S3 and DynamoDB in the state folder, with the buckets and tables of the deployment. What a deployment no longer has stays, as retained. */
export async function startStores(deployment: Deployment, stateFolder: string, clock: Clock): Promise<Stores> {
  const dynamoDb = await startDynamoDb({ folder: join(stateFolder, 'dynamodb'), now: () => clock.now() });
  const s3Root = join(stateFolder, 's3');
  const s3 = startS3({ folder: s3Root });
  for (const { id, properties } of deployment.ofType('AWS::S3::Bucket')) {
    await s3.ensureBucket(id);
    await expireObjects(join(s3Root, id), readExpiryRules(properties));
  }
  for (const { id, properties } of deployment.ofType('AWS::DynamoDB::Table')) {
    const expiry = properties.TimeToLiveSpecification as { AttributeName: string; Enabled: unknown } | undefined;
    await dynamoDb.ensureTable(
      { ...properties, TableName: id },
      expiry && expiry.Enabled !== false ? expiry.AttributeName : undefined,
    );
  }
  return { dynamoDb, s3, s3Root };
}
