import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { ClientSettings } from './perennial.ts';

/** Asks Athena as anybody with the credentials can. The first rows of the answer, as text. */
export async function queryLake(settings: ClientSettings, sql: string): Promise<(string | undefined)[][]> {
  const client = new AthenaClient(settings);
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: 'perennial',
      QueryExecutionContext: { Database: 'perennial' },
    }),
  );
  let execution: QueryExecution | undefined;
  do execution = (await client.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution;
  while (execution?.Status?.State === 'QUEUED' || execution?.Status?.State === 'RUNNING');
  if (execution?.Status?.State !== 'SUCCEEDED') throw new Error(execution?.Status?.StateChangeReason);
  const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? []).slice(1).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue));
}
