import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AthenaOptions, createAthena } from '../../../local/athena/athena.ts';
import type { Caller } from '../../../local/service.ts';
import { allPowerful } from '../../embedded-services.ts';

/** How a statement ended, with its rows below the header. */
export interface Ended {
  readonly id: string;
  readonly state: string;
  readonly reason: string | undefined;
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly updateCount: number;
}

export interface RunOptions {
  readonly caller?: Caller;
  readonly token?: string;
  readonly parameters?: readonly string[];
}

/** Athena of one temporary folder, called without a front: database `db`, workgroup `wg`, bucket `lake`. */
export async function openAthena(options: Partial<AthenaOptions> = {}) {
  const folder = options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'perennial-athena-')));
  const athena = createAthena({
    s3Root: join(folder, 's3'),
    stateFolder: folder,
    databases: ['db'],
    workgroups: [{ name: 'wg', outputLocation: 's3://lake/athena/' }],
    ...options,
  });

  async function start(sql: string, { caller = allPowerful, token, parameters }: RunOptions = {}): Promise<string> {
    const input = {
      QueryString: sql,
      WorkGroup: 'wg',
      QueryExecutionContext: { Database: 'db' },
      ClientRequestToken: token,
      ExecutionParameters: parameters,
    };
    const { QueryExecutionId } = (await athena.handle('StartQueryExecution', input, caller)) as {
      QueryExecutionId: string;
    };
    return QueryExecutionId;
  }

  async function end(id: string): Promise<Ended> {
    for (;;) {
      const { QueryExecution } = (await athena.handle('GetQueryExecution', { QueryExecutionId: id }, allPowerful)) as {
        QueryExecution: { Status: { State: string; StateChangeReason?: string } };
      };
      const { State: state, StateChangeReason: reason } = QueryExecution.Status;
      if (state === 'SUCCEEDED') return { id, state, reason, ...(await results(id)) };
      if (state !== 'QUEUED' && state !== 'RUNNING') return { id, state, reason, names: [], rows: [], updateCount: 0 };
      await sleep(2);
    }
  }

  async function results(id: string) {
    const { ResultSet, UpdateCount } = (await athena.handle(
      'GetQueryResults',
      { QueryExecutionId: id },
      allPowerful,
    )) as {
      ResultSet: { Rows: { Data: { VarCharValue?: string }[] }[] };
      UpdateCount: number;
    };
    const [header = [], ...rows] = ResultSet.Rows.map(({ Data }) =>
      Data.map(({ VarCharValue = null }) => VarCharValue),
    );
    return { names: header as string[], rows, updateCount: UpdateCount };
  }

  return {
    athena,
    folder,
    start,
    end,
    run: async (sql: string, runOptions?: RunOptions) => end(await start(sql, runOptions)),
    /** Runs a statement that must succeed, and returns its rows. */
    async rows(sql: string): Promise<Ended['rows']> {
      const ended = await end(await start(sql));
      if (ended.state !== 'SUCCEEDED') throw new Error(`${ended.reason}\n${sql}`);
      return ended.rows;
    },
    async close() {
      await athena.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type OpenAthena = Awaited<ReturnType<typeof openAthena>>;
