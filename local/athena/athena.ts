import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ObjectFolder } from '../iceberg/object-folder.ts';
import { type Caller, type JsonService, ServiceError } from '../service.ts';
import { requireObjects, requireWorkgroup } from './access.ts';
import { openCatalog } from './catalog.ts';
import { describeExecution, describeWorkgroup } from './descriptions.ts';
import { createEngine } from './engine/engine.ts';
import { type Executions, openExecutions, type QueryRecord } from './executions.ts';
import { createQueryRunner } from './query-runner.ts';
import { settleInterrupted } from './recovery.ts';
import { createResultPages } from './results/result-pages.ts';
import { readStartRequest, repeated } from './start-request.ts';
import { catalogFolder } from './state.ts';

export interface Workgroup {
  readonly name: string;
  /** `s3://bucket/prefix/` of its queries' results. */
  readonly outputLocation: string;
  /** Bytes beyond which a query may not read. @default - no limit */
  readonly bytesScannedCutoff?: number;
}

export interface AthenaOptions {
  /** Folder of the S3 objects. */
  readonly s3Root: string;
  /** Folder of what outlives a restart, on the same file system as `s3Root`. */
  readonly stateFolder: string;
  /** Names of the Glue databases. */
  readonly databases: readonly string[];
  readonly workgroups: readonly Workgroup[];
  /** Domain time. @default - the system's */
  readonly clock?: { now(): Date };
}

/** The embedded Athena. */
export interface EmbeddedAthena extends JsonService {
  /** Loads the engine, which the first query does otherwise: half a second. */
  warm(): Promise<void>;
}

/** Makes the embedded Athena: the service's protocol over Iceberg and Parquet tables in the local S3. */
export function createAthena({ s3Root, stateFolder, databases, workgroups, clock }: AthenaOptions): EmbeddedAthena {
  const now = () => (clock?.now() ?? new Date()).getTime();
  const store = { folder: new ObjectFolder(s3Root), now };
  const catalog = openCatalog({ folder: catalogFolder(stateFolder), databases });
  const temporaryFolder = join(stateFolder, 'athena', 'temporary');
  const engine = createEngine({ s3Root: store.folder.root, temporaryFolder });
  const pages = createResultPages(store.folder);

  const opened = open();
  // Whoever calls first is told what went wrong.
  opened.catch(() => undefined);
  let warming: Promise<void> | undefined;

  async function warmUp() {
    await engine.parser();
    (await engine.connect()).closeSync();
  }

  async function open() {
    await rm(temporaryFolder, { recursive: true, force: true });
    const executions = await openExecutions({ folder: join(stateFolder, 'athena', 'executions'), nowMs: now() });
    await settleInterrupted({ executions, catalog, store, now });
    return { executions, runner: createQueryRunner({ engine, catalog, store, executions, now }) };
  }

  type Input = Readonly<Record<string, unknown>>;

  const actions: Readonly<Record<string, (input: Input, caller: Caller) => Promise<object>>> = {
    async StartQueryExecution(input, caller) {
      const workgroup = findWorkgroup(workgroups, input.WorkGroup);
      requireWorkgroup(caller, 'athena:StartQueryExecution', workgroup.name);
      const { executions, runner } = await opened;
      const record = readStartRequest(input, workgroup, now());
      const earlier = record.token === undefined ? undefined : executions.findByToken(record.token);
      if (earlier) return { QueryExecutionId: repeated(earlier, record).id };
      await executions.put(record);
      runner.start(record, caller, workgroup.bytesScannedCutoff);
      return { QueryExecutionId: record.id };
    },

    async GetQueryExecution(input, caller) {
      const record = findRecord((await opened).executions, input.QueryExecutionId);
      requireWorkgroup(caller, 'athena:GetQueryExecution', record.workgroup);
      return { QueryExecution: describeExecution(record) };
    },

    async BatchGetQueryExecution(input, caller) {
      const { executions } = await opened;
      const ids = (input.QueryExecutionIds ?? []) as readonly string[];
      const found = ids.map(id => executions.find(id)).filter(record => record !== undefined);
      for (const { workgroup } of found) requireWorkgroup(caller, 'athena:BatchGetQueryExecution', workgroup);
      const missing = ids.filter(id => !executions.find(id));
      return {
        QueryExecutions: found.map(describeExecution),
        UnprocessedQueryExecutionIds: missing.map(id => ({
          QueryExecutionId: id,
          ErrorCode: 'INVALID_QUERY_EXECUTION_ID',
          ErrorMessage: notFound(id),
        })),
      };
    },

    async ListQueryExecutions(input, caller) {
      const workgroup = findWorkgroup(workgroups, input.WorkGroup);
      requireWorkgroup(caller, 'athena:ListQueryExecutions', workgroup.name);
      const all = (await opened).executions.list(workgroup.name);
      const start = Number(input.NextToken ?? 0);
      const end = start + Number(input.MaxResults ?? 50);
      return {
        QueryExecutionIds: all.slice(start, end).map(({ id }) => id),
        NextToken: end < all.length ? `${end}` : undefined,
      };
    },

    async StopQueryExecution(input, caller) {
      const { executions, runner } = await opened;
      const record = findRecord(executions, input.QueryExecutionId);
      requireWorkgroup(caller, 'athena:StopQueryExecution', record.workgroup);
      runner.stop(record.id);
      return {};
    },

    async GetQueryResults(input, caller) {
      const record = findRecord((await opened).executions, input.QueryExecutionId);
      requireWorkgroup(caller, 'athena:GetQueryResults', record.workgroup);
      requireObjects(caller, 'read', record.outputLocation);
      refuseUnfinished(record);
      return pages.page(record, input);
    },

    async GetQueryRuntimeStatistics(input, caller) {
      const record = findRecord((await opened).executions, input.QueryExecutionId);
      requireWorkgroup(caller, 'athena:GetQueryRuntimeStatistics', record.workgroup);
      return {
        QueryRuntimeStatistics: {
          Timeline: { TotalExecutionTimeInMillis: record.tookMs ?? 0 },
          Rows: { InputBytes: record.scannedBytes ?? 0 },
        },
      };
    },

    async GetWorkGroup(input, caller) {
      const workgroup = findWorkgroup(workgroups, input.WorkGroup);
      requireWorkgroup(caller, 'athena:GetWorkGroup', workgroup.name);
      return { WorkGroup: describeWorkgroup(workgroup) };
    },

    async ListWorkGroups(_, caller) {
      for (const { name } of workgroups) requireWorkgroup(caller, 'athena:ListWorkGroups', name);
      return { WorkGroups: workgroups.map(({ name }) => ({ Name: name, State: 'ENABLED' })) };
    },
  };

  return {
    async handle(action, input, caller) {
      const act = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (!act)
        throw new ServiceError(
          'InvalidRequestException',
          `The embedded Athena has no action ${action}, it has ${Object.keys(actions).join(', ')}`,
        );
      return act(input, caller);
    },
    warm: () => (warming ??= warmUp()),
    async stop() {
      const { runner } = await opened;
      await warming;
      await runner.settled();
      await engine.close();
    },
  };
}

function findWorkgroup(workgroups: readonly Workgroup[], name: unknown = 'primary'): Workgroup {
  const found = workgroups.find(workgroup => workgroup.name === name);
  if (!found) throw new ServiceError('InvalidRequestException', `WorkGroup ${name} is not found.`);
  return found;
}

function findRecord(executions: Executions, id: unknown): QueryRecord {
  const record = executions.find(String(id));
  if (!record) throw new ServiceError('InvalidRequestException', notFound(String(id)));
  return record;
}

function notFound(id: string): string {
  return `QueryExecution ${id} was not found`;
}

function refuseUnfinished({ state }: QueryRecord): void {
  if (state === 'QUEUED' || state === 'RUNNING') {
    throw new ServiceError('InvalidRequestException', `Query has not yet finished. Current state: ${state}`);
  }
  if (state !== 'SUCCEEDED') {
    throw new ServiceError('InvalidRequestException', `Query did not finish successfully. Final query state: ${state}`);
  }
}
