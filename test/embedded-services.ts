import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableKeys, timeToLiveAttribute } from '../contracts/tables.ts';
import { createAthena } from '../local/athena/athena.ts';
import { createGlue } from '../local/athena/glue.ts';
import { startDynamoDb } from '../local/dynamodb/dynamodb.ts';
import { startGateway } from '../local/gateway/gateway.ts';
import { startS3 } from '../local/s3/s3.ts';
import { type Caller, localAccount, localRegion } from '../local/service.ts';

/** S3, DynamoDB, Athena and Glue for tests, whose SDK clients find them through the environment. */
export interface EmbeddedServices {
  readonly endpoint: string;
  /** A bucket that is there and empty. */
  readonly bucket: string;
  /** Athena workgroup whose results go to `athena/` of the bucket. */
  readonly workgroup: string;
  /** Glue database, empty. */
  readonly database: string;
  /** Folder in which the objects lie, at `<bucket>/<key>._S3rver_object`. */
  readonly s3Folder: string;
  stop(): Promise<void>;
}

/** Starts the services in a temporary folder, with the tables `registry` and `predictions`, for a caller who may do everything. */
export async function startEmbeddedServices(): Promise<EmbeddedServices> {
  const folder = await mkdtemp(join(tmpdir(), 'perennial-'));
  const s3Folder = join(folder, 's3');
  const bucket = 'perennial-test';
  // Nothing expires, however old the instants of a test are and however long it takes.
  const dynamoDb = await startDynamoDb({ now: () => new Date(0) });
  const s3 = startS3({ folder: s3Folder });
  await s3.ensureBucket(bucket);
  for (const name of ['registry', 'predictions'])
    await dynamoDb.ensureTable(tableDefinition(name), timeToLiveAttribute);
  const workgroup = 'perennial-test';
  const database = 'perennial_test';
  const tables = { s3Root: s3Folder, stateFolder: join(folder, 'state'), databases: [database] };
  const athena = createAthena({
    ...tables,
    workgroups: [{ name: workgroup, outputLocation: `s3://${bucket}/athena/` }],
  });
  const gateway = await startGateway({
    port: 0,
    services: { DynamoDB_20120810: dynamoDb, AmazonAthena: athena, AWSGlue: createGlue(tables) },
    s3,
    identify: () => allPowerful,
  });
  const restore = setEnvironment(gateway.endpoint);

  return {
    endpoint: gateway.endpoint,
    bucket,
    workgroup,
    database,
    s3Folder,
    async stop() {
      restore();
      await gateway.stop();
      await athena.stop();
      s3.stop();
      await dynamoDb.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** A caller who may do everything. */
export const allPowerful: Caller = { principal: `arn:aws:iam::${localAccount}:root`, require: () => {} };

function tableDefinition(name: string) {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: tableKeys.partition, KeyType: 'HASH' },
      { AttributeName: tableKeys.sort, KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: tableKeys.partition, AttributeType: 'S' },
      { AttributeName: tableKeys.sort, AttributeType: 'S' },
    ],
  };
}

function setEnvironment(endpoint: string): () => void {
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: localRegion,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
  const before = Object.fromEntries(Object.keys(variables).map(name => [name, process.env[name]]));
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
