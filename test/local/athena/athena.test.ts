import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { type Athena, connectAthena } from '../../../platform/athena.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let services: EmbeddedServices;
let athena: Athena;
let client: AthenaClient;

beforeAll(async () => {
  services = await startEmbeddedServices();
  athena = connectAthena(services);
  client = new AthenaClient({});
});

afterAll(() => services.stop());

describe('Athena by its SDK', () => {
  test('A query ends with rows in pages, the first of which begins with the header.', async () => {
    const { queryId } = await athena.execute(
      'SELECT n, CAST(NULL AS varchar) AS nothing FROM UNNEST(sequence(1, 2500)) AS u(n)',
    );
    const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: queryId, MaxResults: 3 }));
    expect(page.ResultSet?.Rows?.map(({ Data }) => Data)).toEqual([
      [{ VarCharValue: 'n' }, { VarCharValue: 'nothing' }],
      [{ VarCharValue: '1' }, {}],
      [{ VarCharValue: '2' }, {}],
    ]);
    expect(page.ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => [Name, Type])).toEqual([
      ['n', 'bigint'],
      ['nothing', 'varchar'],
    ]);
    expect(page.NextToken).toBeDefined();
    const rows = await athena.query('SELECT n FROM UNNEST(sequence(1, 2500)) AS u(n)');
    expect(rows.map(({ n }) => Number(n))).toEqual(Array.from({ length: 2500 }, (_, index) => index + 1));
  });

  test('The same request token gives the same query, even a failed one, and refuses another statement.', async () => {
    const token = 'one-attempt-of-one-statement-0001';
    const failed = await athena.start('SELECT nothing', { token });
    expect(await athena.end(failed)).toMatchObject({ state: 'FAILED' });
    expect(await athena.start('SELECT nothing', { token })).toBe(failed);
    await expect(athena.start('SELECT 1', { token })).rejects.toThrow('Idempotent parameters do not match');
  });

  test('A failed query names what is wrong, and where, in its state change reason.', async () => {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({ QueryString: 'SELECT 1,\n  absent', WorkGroup: services.workgroup }),
    );
    await athena.end(QueryExecutionId!);
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    expect(QueryExecution?.Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: "COLUMN_NOT_FOUND: line 2:3: Column 'absent' cannot be resolved",
      SubmissionDateTime: expect.any(Date),
      CompletionDateTime: expect.any(Date),
    });
    await expect(client.send(new GetQueryResultsCommand({ QueryExecutionId }))).rejects.toThrow(
      'Final query state: FAILED',
    );
  });

  test('What is malformed is refused at once: an unknown workgroup, an unknown query, a statement too long, a short token.', async () => {
    const start = (input: object) =>
      client.send(new StartQueryExecutionCommand({ QueryString: 'SELECT 1', WorkGroup: services.workgroup, ...input }));
    await expect(start({ WorkGroup: 'another' })).rejects.toThrow(InvalidRequestException);
    await expect(start({ QueryString: `SELECT '${'x'.repeat(262_144)}'` })).rejects.toThrow('262144');
    await expect(start({ ClientRequestToken: 'short' })).rejects.toThrow(InvalidRequestException);
    await expect(client.send(new GetQueryExecutionCommand({ QueryExecutionId: 'absent' }))).rejects.toThrow(
      'was not found',
    );
  });

  test('Execution parameters take the place of question marks, and nothing but constants is taken.', async () => {
    const rows = await athena
      .query('SELECT * FROM (VALUES 1, 2, 3) AS v(n) WHERE n > ? AND ? = $$', { parameters: ['1'] })
      .catch(error => error);
    expect(String(rows)).toMatch(/SYNTAX_ERROR|INVALID_PARAMETER_USAGE/);
    const some = await athena.query(
      `SELECT * FROM (VALUES (1, 'a'), (2, 'it''s ?')) AS v(n, s) WHERE n > ? AND s = ?`,
      {
        parameters: ['1', "'it''s ?'"],
      },
    );
    expect(some).toEqual([{ n: '2', s: "it's ?" }]);
    await expect(athena.query('SELECT ?', { parameters: ['(SELECT 1)'] })).rejects.toThrow('is no constant');
    await expect(athena.query('SELECT ?', { parameters: [] })).rejects.toThrow('Incorrect number of parameters');
  });

  test('A running query that is stopped ends as cancelled.', async () => {
    const rows = 'UNNEST(sequence(1, 100000))';
    const id = await athena.start(`SELECT count(*) FROM ${rows} AS a(x) JOIN ${rows} AS b(y) ON x % 7 < y % 5`);
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    expect(await athena.end(id)).toMatchObject({ state: 'CANCELLED', reason: 'Query cancelled by user' });
  });

  test('A workgroup tells its result location.', async () => {
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: services.workgroup }));
    expect(WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation).toBe(`s3://${services.bucket}/athena/`);
  });
});
