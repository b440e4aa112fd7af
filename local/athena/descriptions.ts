import type { QueryRecord } from './executions.ts';
import { resultUri } from './results/result-pages.ts';

const engineVersion = {
  SelectedEngineVersion: 'Athena engine version 3',
  EffectiveEngineVersion: 'Athena engine version 3',
};

/** Describes an execution as `GetQueryExecution` does. */
export function describeExecution(record: QueryRecord): object {
  const { id, sql, type, subtype, workgroup, database, state, reason, submittedAt, completedAt, tookMs, parameters } =
    record;
  return {
    QueryExecutionId: id,
    Query: sql,
    StatementType: type,
    SubstatementType: subtype,
    ResultConfiguration: { OutputLocation: resultUri(record) },
    QueryExecutionContext: { Database: database, Catalog: 'awsdatacatalog' },
    Status: {
      State: state,
      StateChangeReason: reason,
      SubmissionDateTime: submittedAt / 1000,
      CompletionDateTime: completedAt === undefined ? undefined : completedAt / 1000,
      AthenaError:
        state === 'FAILED'
          ? { ErrorMessage: reason, Retryable: reason?.startsWith('ICEBERG_COMMIT_ERROR') }
          : undefined,
    },
    Statistics: {
      EngineExecutionTimeInMillis: tookMs,
      TotalExecutionTimeInMillis: tookMs,
      DataScannedInBytes: record.scannedBytes ?? 0,
      DataManifestLocation: record.manifestUri,
      QueryQueueTimeInMillis: 0,
      ServiceProcessingTimeInMillis: 0,
    },
    WorkGroup: workgroup,
    EngineVersion: engineVersion,
    ExecutionParameters: parameters,
  };
}

/** Describes a workgroup as `GetWorkGroup` does. */
export function describeWorkgroup({
  name,
  outputLocation,
  bytesScannedCutoff,
}: {
  readonly name: string;
  readonly outputLocation: string;
  readonly bytesScannedCutoff?: number;
}): object {
  return {
    Name: name,
    State: 'ENABLED',
    Configuration: {
      ResultConfiguration: { OutputLocation: outputLocation },
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: false,
      BytesScannedCutoffPerQuery: bytesScannedCutoff,
      RequesterPaysEnabled: false,
      EngineVersion: engineVersion,
    },
  };
}
