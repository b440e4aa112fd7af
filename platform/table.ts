import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { tableKeys } from '../contracts/tables.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Condition or update in DynamoDB's own expression language. `names` are without `#`, `values` without `:`. */
export interface Expression {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Only while no item has the key: makes a put idempotent and settles who was first. */
export const absent: Expression = { expression: `attribute_not_exists(${tableKeys.partition})` };

export interface QueryOptions {
  /** Sort keys that begin with this. */
  readonly prefix?: string;
  /** Sort keys in `[from, to]`; `prefix` must not be given. */
  readonly between?: readonly [string, string];
  readonly descending?: boolean;
  readonly limit?: number;
}

/** One DynamoDB table with `pk` and `sk`. Reads are strongly consistent. */
export interface Table {
  readonly name: string;
  get<Item extends Key>(key: Key): Promise<Item | undefined>;
  /** The items of any number of different keys, 100 a call; keys without an item are left out, and there is no order. */
  getMany<Item extends Key>(keys: readonly Key[]): Promise<Item[]>;
  /** @throws {ConditionFailedError} */
  put(item: Key & object, condition?: Expression): Promise<void>;
  /** Changes an item (or makes it). @throws {ConditionFailedError} */
  update<Item extends Key>(key: Key, change: Expression, condition?: string): Promise<Item>;
  /** @throws {ConditionFailedError} */
  delete(key: Key, condition?: Expression): Promise<void>;
  /** Items of one partition by sort key, all pages up to `limit`. */
  query<Item extends Key>(pk: string, options?: QueryOptions): Promise<Item[]>;
  /** Puts any number of items, 25 a call; what the table does not take at once is sent again. */
  putMany(items: readonly (Key & object)[], options?: { signal?: AbortSignal }): Promise<void>;
}

/** Thrown when a conditional write lost: the item is not as the condition says. */
export class ConditionFailedError extends Error {
  override readonly name = 'ConditionFailedError';

  constructor(table: string, key: Key, options?: ErrorOptions) {
    super(`Condition failed on ${table} item ${key.pk} / ${key.sk}`, options);
  }
}

/**
 * Connects to a table.
 *
 * @param options.attempts how often a call that failed for a transient reason is made. @default 3
 */
export function connectTable(name: string, { attempts = 3 }: { attempts?: number } = {}): Table {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: attempts }), {
    marshallOptions: { removeUndefinedValues: true },
  });

  async function conditional<T>(key: Key, request: Promise<T>): Promise<T> {
    try {
      return await request;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new ConditionFailedError(name, key, { cause: error });
      throw error;
    }
  }

  return {
    name,
    async get<Item extends Key>({ pk, sk }: Key) {
      const { Item } = await client.send(new GetCommand({ TableName: name, Key: { pk, sk }, ConsistentRead: true }));
      return Item as Item | undefined;
    },
    async getMany<Item extends Key>(keys: readonly Key[]) {
      const found = await Promise.all(chunk(keys, 100).map(getChunk));
      return found.flat() as Item[];
    },
    async put(item, condition) {
      await conditional(
        item,
        client.send(
          new PutCommand({
            TableName: name,
            Item: item,
            ConditionExpression: condition?.expression,
            ...attributes(condition),
          }),
        ),
      );
    },
    async update<Item extends Key>({ pk, sk }: Key, change: Expression, condition?: string) {
      const { Attributes } = await conditional(
        { pk, sk },
        client.send(
          new UpdateCommand({
            TableName: name,
            Key: { pk, sk },
            UpdateExpression: change.expression,
            ConditionExpression: condition,
            ReturnValues: 'ALL_NEW',
            ...attributes(change),
          }),
        ),
      );
      return Attributes as Item;
    },
    async delete({ pk, sk }, condition) {
      await conditional(
        { pk, sk },
        client.send(
          new DeleteCommand({
            TableName: name,
            Key: { pk, sk },
            ConditionExpression: condition?.expression,
            ...attributes(condition),
          }),
        ),
      );
    },
    async query<Item extends Key>(pk: string, { prefix, between, descending = false, limit }: QueryOptions = {}) {
      const items: Item[] = [];
      let start: Record<string, unknown> | undefined;
      do {
        const page = await client.send(
          new QueryCommand({
            TableName: name,
            KeyConditionExpression: `pk = :pk${prefix ? ' AND begins_with(sk, :prefix)' : between ? ' AND sk BETWEEN :from AND :to' : ''}`,
            ExpressionAttributeValues: {
              ':pk': pk,
              ...(prefix ? { ':prefix': prefix } : between ? { ':from': between[0], ':to': between[1] } : {}),
            },
            ConsistentRead: true,
            ScanIndexForward: !descending,
            Limit: limit === undefined ? undefined : limit - items.length,
            ExclusiveStartKey: start,
          }),
        );
        items.push(...((page.Items ?? []) as Item[]));
        start = page.LastEvaluatedKey;
      } while (start && (limit === undefined || items.length < limit));
      return items;
    },
    async putMany(items, { signal } = {}) {
      await Promise.all(chunk(items, 25).map(items => putChunk(items, signal)));
    },
  };

  async function getChunk(keys: readonly Key[]): Promise<object[]> {
    const found: object[] = [];
    let left: readonly object[] = keys.map(({ pk, sk }) => ({ pk, sk }));
    for (let delay = 20; left.length > 0; delay = Math.min(delay * 2, 2_000)) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [name]: { Keys: left as [], ConsistentRead: true } } }),
      );
      found.push(...(Responses?.[name] ?? []));
      left = UnprocessedKeys?.[name]?.Keys ?? [];
      if (left.length > 0) await backOff(delay);
    }
    return found;
  }

  async function putChunk(items: readonly object[], signal?: AbortSignal): Promise<void> {
    let requests: unknown[] = items.map(Item => ({ PutRequest: { Item } }));
    for (let delay = 20; requests.length > 0; delay = Math.min(delay * 2, 2_000)) {
      const { UnprocessedItems } = await client.send(
        new BatchWriteCommand({ RequestItems: { [name]: requests as [] } }),
        { abortSignal: signal },
      );
      requests = UnprocessedItems?.[name] ?? [];
      // The table answers so when it throttles: to ask at once again would keep it there.
      if (requests.length > 0) await backOff(delay, signal);
    }
  }
}

function backOff(delay: number, signal?: AbortSignal): Promise<void> {
  return sleep(delay * (0.5 + Math.random() / 2), undefined, { signal });
}

function chunk<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function attributes(expression?: Expression) {
  return {
    ExpressionAttributeNames: expression?.names && prefixed('#', expression.names),
    ExpressionAttributeValues: expression?.values && prefixed(':', expression.values),
  };
}

function prefixed<T>(sign: string, record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${sign}${name}`, value]));
}
