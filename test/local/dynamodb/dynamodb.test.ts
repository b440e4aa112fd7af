import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ListTablesCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { startDynamoDb } from '../../../local/dynamodb/dynamodb.ts';
import { absent, ConditionFailedError, connectTable } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let services: EmbeddedServices;
beforeAll(async () => {
  services = await startEmbeddedServices();
});
afterAll(() => services.stop());

describe('the embedded DynamoDB', () => {
  test('keeps what was put, and answers a query in the order of the sort key', async () => {
    const table = connectTable('registry');
    await table.put({ pk: 'order', sk: 'b', n: 2 } as never);
    await table.put({ pk: 'order', sk: 'a', n: 1 } as never);
    expect(await table.query('order')).toEqual([
      { pk: 'order', sk: 'a', n: 1 },
      { pk: 'order', sk: 'b', n: 2 },
    ]);
  });

  test('refuses a conditional put that lost under its AWS name', async () => {
    const table = connectTable('registry');
    await table.put({ pk: 'claim', sk: '1' }, absent);
    const lost = await table.put({ pk: 'claim', sk: '1' }, absent).catch(error => error);
    expect(lost).toBeInstanceOf(ConditionFailedError);
    expect(lost.cause).toBeInstanceOf(ConditionalCheckFailedException);
  });

  test('takes a thousand items in batches', async () => {
    const table = connectTable('predictions');
    await table.putMany(Array.from({ length: 1_000 }, (_, index) => ({ pk: 'many', sk: String(index) })));
    expect(await table.query('many')).toHaveLength(1_000);
  });

  test('names a missing table as AWS does', async () => {
    await expect(connectTable('absent').get({ pk: 'a', sk: 'b' })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  test('lists the tables', async () => {
    const { TableNames } = await new DynamoDBClient({}).send(new ListTablesCommand({}));
    expect(TableNames).toEqual(['predictions', 'registry']);
  });
});

describe('the sweep for expired items', () => {
  test('deletes what has expired and nothing else', async () => {
    const database = await startDynamoDb({ now: () => new Date(1_000_000) });
    await database.ensureTable(
      {
        TableName: 'sessions',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      },
      'expires_at',
    );
    for (const [pk, expiry] of [
      ['past', '999'],
      ['now', '1000'],
      ['future', '1001'],
    ] as const) {
      await database.run('PutItem', { TableName: 'sessions', Item: { pk: { S: pk }, expires_at: { N: expiry } } });
    }
    await database.run('PutItem', { TableName: 'sessions', Item: { pk: { S: 'forever' } } });
    await database.sweep();
    const { Items } = (await database.run('Scan', { TableName: 'sessions' })) as { Items: { pk: { S: string } }[] };
    expect(Items.map(item => item.pk.S).sort()).toEqual(['forever', 'future']);
    await database.stop();
  });
});
