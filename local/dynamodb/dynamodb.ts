import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import dynalite, { type DynaliteStore } from 'dynalite/db/index.js';
import validations from 'dynalite/validations/index.js';
import { type Caller, type JsonService, localAccount, localRegion, ServiceError } from '../service.ts';
import { authorize } from './authorize.ts';
import { type ExpiringTable, sweep } from './expiry.ts';

const require = createRequire(import.meta.url);

/** DynamoDB on LevelDB: dynalite's actions, called in process. */
export interface DynamoDb extends JsonService {
  /** Runs an action that nobody needs a permission for. @throws {ServiceError} */
  run(action: string, input: object): Promise<Record<string, unknown>>;
  /** Creates a table unless it is there, and from now on deletes its items once they expire. */
  ensureTable(definition: { TableName: string } & Record<string, unknown>, expiry?: string): Promise<void>;
  /** Deletes the items that have expired; runs by itself every hour. */
  sweep(): Promise<void>;
}

export interface DynamoDbOptions {
  /** Folder of the database. @default - in memory */
  readonly folder?: string;
  /** Domain time, by which items expire. @default - the system's clock */
  readonly now?: () => Date;
}

/** Milliseconds until the first look for expired items, and between two of them. AWS promises no better than days. */
const sweepDelay = 60_000;
const sweepInterval = 3_600_000;

/**
 * Opens the database.
 *
 * @throws {Error} when another process holds the folder
 */
export async function startDynamoDb({ folder, now = () => new Date() }: DynamoDbOptions = {}): Promise<DynamoDb> {
  if (folder) mkdirSync(folder, { recursive: true });
  const store = dynalite.create({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await store.db.open();
  store.tableDb.awsAccountId = localAccount;
  store.tableDb.awsRegion = localRegion;
  const run = (action: string, input: object) => act(store, action, input);

  const expiring: ExpiringTable[] = [];
  const sweepNow = () => sweep({ store, tables: expiring, now: now(), run });
  const timer = repeat(sweepNow);

  return {
    run,
    async handle(action, input, caller: Caller) {
      authorize(action, input, caller);
      return run(action, input);
    },
    async ensureTable(definition, expiry) {
      if (!(await describeTable(run, definition.TableName))) await run('CreateTable', definition);
      await activate(store, run, definition.TableName);
      if (expiry) expiring.push({ name: definition.TableName, attribute: expiry });
    },
    sweep: sweepNow,
    async stop() {
      timer.stop();
      await store.db.close();
    },
  };
}

function repeat(act: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined = setTimeout(again, sweepDelay).unref();
  async function again(): Promise<void> {
    // A sweep that is cut off by the end of the database has nothing to tell; the next one finds the rest.
    await act().catch(() => {});
    if (timer) timer = setTimeout(again, sweepInterval).unref();
  }
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return { stop };
}

type Action = (
  store: DynaliteStore,
  data: object,
  done: (error: unknown, output: Record<string, unknown>) => void,
) => void;

interface Operation {
  readonly action: Action;
  readonly validation: { readonly types: object; readonly custom?: unknown };
}

const actionNames = new Set(
  ['BatchGetItem', 'BatchWriteItem', 'CreateTable', 'DeleteItem', 'DeleteTable', 'DescribeTable'].concat(
    ['DescribeTimeToLive', 'GetItem', 'ListTables', 'PutItem', 'Query', 'Scan', 'TagResource', 'UntagResource'],
    ['ListTagsOfResource', 'UpdateItem', 'UpdateTable'],
  ),
);
const operations = new Map<string, Operation>();

async function act(store: DynaliteStore, name: string, input: object): Promise<Record<string, unknown>> {
  const { action, validation } = operation(name);
  try {
    const data = validations.checkTypes(input, validation.types);
    validations.checkValidations(data, validation.types, validation.custom, store);
    return await new Promise((resolve, reject) => {
      action(store, data, (error, output) => (error ? reject(error) : resolve(output)));
    });
  } catch (error) {
    throw asServiceError(error);
  }
}

function operation(name: string): Operation {
  const known = operations.get(name);
  if (known) return known;
  if (!actionNames.has(name)) {
    throw new ServiceError('UnknownOperationException', `The embedded DynamoDB does not know the action ${name}`);
  }
  const file = name[0]!.toLowerCase() + name.slice(1);
  const loaded = {
    action: require(`dynalite/actions/${file}.js`) as Action,
    validation: require(`dynalite/validations/${file}.js`) as Operation['validation'],
  };
  operations.set(name, loaded);
  return loaded;
}

/** dynalite reports an error of the service as `{ statusCode, body: { __type, message, … } }`. */
function asServiceError(error: unknown): unknown {
  const { statusCode, body } = error as { statusCode?: number; body?: Record<string, unknown> };
  if (!statusCode || !body) return error;
  const { __type, message, Message, ...fields } = body as { __type: string; message?: string; Message?: string };
  return new ServiceError(__type, message ?? Message ?? '', statusCode, fields);
}

interface TableDescription {
  readonly TableStatus: string;
}

async function describeTable(run: DynamoDb['run'], name: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await run('DescribeTable', { TableName: name });
    return Table as TableDescription;
  } catch (error) {
    if (error instanceof ServiceError && error.code.endsWith('ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/** dynalite finishes a creation after a timer; a process that ended in between left the table `CREATING`. */
async function activate(store: DynaliteStore, run: DynamoDb['run'], name: string): Promise<void> {
  const table = await describeTable(run, name);
  if (table?.TableStatus !== 'CREATING') return;
  await new Promise<void>((resolve, reject) => {
    store.tableDb.put(name, { ...table, TableStatus: 'ACTIVE' }, error => (error ? reject(error) : resolve()));
  });
}
