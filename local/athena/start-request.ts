import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service.ts';
import type { QueryRecord } from './executions.ts';

/** The longest statement that Athena takes, in bytes of UTF-8. */
const maximumStatementBytes = 262_144;

/** Reads the input of `StartQueryExecution` into the record of a new query. @throws {ServiceError} `InvalidRequestException` */
export function readStartRequest(
  input: Readonly<Record<string, unknown>>,
  workgroup: { readonly name: string; readonly outputLocation: string },
  submittedAt: number,
): QueryRecord {
  const { QueryString: sql, ClientRequestToken: token, ExecutionParameters: parameters } = input;
  const context = (input.QueryExecutionContext ?? {}) as { Database?: string };
  if (typeof sql !== 'string' || sql.length === 0)
    throw new ServiceError('InvalidRequestException', 'QueryString is empty');
  const bytes = Buffer.byteLength(sql);
  if (bytes > maximumStatementBytes) {
    throw new ServiceError(
      'InvalidRequestException',
      `QueryString has ${bytes} bytes, at most ${maximumStatementBytes} are allowed`,
    );
  }
  if (token !== undefined && (typeof token !== 'string' || token.length < 32 || token.length > 128)) {
    throw new ServiceError('InvalidRequestException', 'ClientRequestToken must have 32 to 128 characters');
  }
  return {
    id: randomUUID(),
    sql,
    workgroup: workgroup.name,
    database: (context.Database ?? 'default').toLowerCase(),
    parameters: parameters as readonly string[] | undefined,
    token: token as string | undefined,
    outputLocation: `${workgroup.outputLocation.replace(/\/+$/, '')}/`,
    state: 'QUEUED',
    submittedAt,
  };
}

/** The query that a request token started before: the same token stands for the same query, even a failed one. @throws {ServiceError} when the request is another */
export function repeated(earlier: QueryRecord, request: QueryRecord): QueryRecord {
  const same =
    earlier.sql === request.sql &&
    earlier.database === request.database &&
    earlier.workgroup === request.workgroup &&
    JSON.stringify(earlier.parameters ?? []) === JSON.stringify(request.parameters ?? []);
  if (!same) throw new ServiceError('InvalidRequestException', 'Idempotent parameters do not match');
  return earlier;
}
