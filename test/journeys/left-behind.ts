import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startDynamoDb } from '../../local/dynamodb/dynamodb.ts';

const bucket = 'perennial-000000000000-us-east-1';
const useCase = 'bank-marketing';

/** How far a lifecycle came, read from the state folder of a process that has ended. */
export interface LeftBehind {
  /** Whether an execution holds the lifecycle, and whether it holds the tables. */
  readonly lifecycleLease: boolean;
  readonly writerLease: boolean;
  /** Status of the newest batch. */
  readonly batch: string | undefined;
  /** Of the newest batch: how often its INSERT was begun, and whether that one's query id is known. */
  readonly attempt: number;
  readonly queryIds: number;
  /** Items of the registry. */
  readonly batches: number;
  readonly datasets: number;
  readonly experiments: number;
  readonly runs: number;
  readonly versions: number;
  readonly ledger: number;
  readonly releases: number;
  readonly conclusions: number;
  /** Objects. */
  readonly landing: number;
  readonly staging: number;
  readonly ingested: number;
  readonly manifests: number;
  readonly code: number;
  readonly cards: number;
  readonly models: number;
}

/** Looks at what a process has left in its state folder, without starting anything of it. */
export async function readLeftBehind(stateFolder: string): Promise<LeftBehind> {
  const items = await readRegistry(join(stateFolder, 'dynamodb'));
  const ofNoun = (noun: string) => items.filter(({ pk }) => pk?.S === `${useCase}#${noun}`);
  const batch = ofNoun('batch').toSorted((a, b) => (a.sk!.S! < b.sk!.S! ? 1 : -1))[0];
  const lease = (name: string) => ofNoun('lease').find(({ sk }) => sk?.S === name);
  const objects = (folder: string, ending = '') =>
    listObjects(join(stateFolder, 's3', bucket, folder)).filter(key => key.endsWith(ending)).length;
  return {
    lifecycleLease: lease('lifecycle') !== undefined,
    writerLease: Number(lease('writer')?.expiresAt?.N ?? 0) > 0,
    batch: batch?.status?.S,
    attempt: Number(batch?.attempt?.N ?? 0),
    queryIds: batch?.queryIds?.L?.length ?? 0,
    batches: ofNoun('batch').length,
    datasets: ofNoun('dataset').length,
    experiments: ofNoun('experiment').length,
    runs: ofNoun('run').length,
    versions: ofNoun('version').length,
    ledger: ofNoun('ledger').length,
    releases: ofNoun('release').length,
    conclusions: ofNoun('execution').length,
    landing: objects(`landing/${useCase}`),
    staging: objects(`staging/${useCase}`),
    ingested: objects(`ingested/${useCase}`),
    manifests: objects(`datasets/${useCase}`, 'manifest.json'),
    code: objects('code'),
    cards: objects(`models/${useCase}`, '.json'),
    models: objects(`models/${useCase}`, '.onnx'),
  };
}

/** An item as DynamoDB's protocol has it. */
type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string; readonly L?: readonly unknown[] }>>;

async function readRegistry(folder: string): Promise<Item[]> {
  const dynamoDb = await startDynamoDb({ folder });
  try {
    const { Items } = await dynamoDb.run('Scan', { TableName: 'Perennial-registry', ConsistentRead: true });
    return Items as Item[];
  } finally {
    await dynamoDb.stop?.();
  }
}

const objectEnding = '._S3rver_object';

function listObjects(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(objectEnding))
    .map(path => path.slice(0, -objectEnding.length));
}
