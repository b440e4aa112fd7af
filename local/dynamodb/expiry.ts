import type { DynaliteStore } from 'dynalite/db/index.js';

/** Table whose items expire, and the attribute that holds when, in epoch seconds. */
export interface ExpiringTable {
  readonly name: string;
  readonly attribute: string;
}

export interface SweepOptions {
  readonly store: DynaliteStore;
  readonly tables: readonly ExpiringTable[];
  readonly now: Date;
  run(action: string, input: object): Promise<Record<string, unknown>>;
}

type Item = Record<string, { S?: string; N?: string }>;

/** Deletes the items whose time has come; one that was given more time meanwhile stays. */
export async function sweep({ store, tables, now, run }: SweepOptions): Promise<void> {
  const nowSeconds = Math.floor(now.getTime() / 1_000);
  for (const { name, attribute } of tables) {
    const { Table } = (await run('DescribeTable', { TableName: name })) as {
      Table: { KeySchema: { AttributeName: string }[] };
    };
    const keyNames = Table.KeySchema.map(key => key.AttributeName);
    for (const item of await expiredItems(store, name, attribute, nowSeconds)) {
      await deleteExpired(run, name, attribute, nowSeconds, pick(item, keyNames));
    }
  }
}

async function expiredItems(store: DynaliteStore, table: string, attribute: string, now: number): Promise<Item[]> {
  const expired: Item[] = [];
  // dynalite keeps the items of a table under this prefix of one LevelDB.
  const prefix = `item-${table}~`;
  for await (const [, item] of store.db.iterator({ gte: prefix, lt: `${prefix}\xFF` })) {
    const expiry = (item as Item)[attribute]?.N;
    if (expiry !== undefined && Number(expiry) <= now) expired.push(item as Item);
  }
  return expired;
}

async function deleteExpired(run: SweepOptions['run'], table: string, attribute: string, now: number, key: Item) {
  try {
    await run('DeleteItem', {
      TableName: table,
      Key: key,
      ConditionExpression: '#expiry <= :now',
      ExpressionAttributeNames: { '#expiry': attribute },
      ExpressionAttributeValues: { ':now': { N: String(now) } },
    });
  } catch (error) {
    if (!(error as { code?: string }).code?.endsWith('ConditionalCheckFailedException')) throw error;
  }
}

function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.map(name => [name, item[name]!]));
}
