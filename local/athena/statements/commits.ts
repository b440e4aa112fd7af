import { CommitConflictError } from '../../iceberg/errors.ts';
import { QueryError } from '../query-error.ts';
import type { Execution } from './execution.ts';

/** Entry of a snapshot's summary that names the query which made it. Trino writes the same, so what looks for it works on AWS too. */
export const queryIdEntry = 'trino_query_id';

/** Runs a commit, unless the query was stopped before. @throws {QueryError} `ICEBERG_COMMIT_ERROR` when another commit came first */
export async function commitOrFail<T>(
  table: string,
  execution: Pick<Execution, 'signal'>,
  commit: () => Promise<T>,
): Promise<T> {
  refuseStopped(execution);
  try {
    return await commit();
  } catch (error) {
    throw error instanceof CommitConflictError ? commitError(table) : error;
  }
}

/** @throws {QueryError} when StopQueryExecution was called */
export function refuseStopped({ signal }: Pick<Execution, 'signal'>): void {
  if (signal.aborted) throw new QueryError('USER_CANCELED', 'Query cancelled by user');
}

/** What a statement fails with that another commit forestalled. */
export function commitError(table: string): QueryError {
  return new QueryError('ICEBERG_COMMIT_ERROR', `Failed to commit Iceberg update to table: ${table}`);
}
