import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResultColumn } from './statements/execution.ts';

export type QueryState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** What is kept of a query execution, as long as Athena keeps it. Instants are epoch milliseconds of domain time. */
export interface QueryRecord {
  readonly id: string;
  readonly sql: string;
  readonly workgroup: string;
  readonly database: string;
  readonly parameters?: readonly string[];
  readonly token?: string;
  /** `s3://bucket/prefix/` */
  readonly outputLocation: string;
  readonly state: QueryState;
  readonly reason?: string;
  readonly submittedAt: number;
  readonly completedAt?: number;
  /** Real milliseconds from start to end. */
  readonly tookMs?: number;
  readonly type?: 'DDL' | 'DML' | 'UTILITY';
  readonly subtype?: string;
  readonly scannedBytes?: number;
  readonly updateCount?: number;
  readonly manifestUri?: string;
  /** Of a result with rows, which lie in `<outputLocation><id>.csv`. */
  readonly columns?: readonly ResultColumn[];
  /** Whether the result is lines of text, in `<outputLocation><id>.txt`. */
  readonly isText?: boolean;
}

/** Query executions, one JSON file each, so that a restart knows them and their tokens. */
export interface Executions {
  find(id: string): QueryRecord | undefined;
  /** The execution that a client request token started. */
  findByToken(token: string): QueryRecord | undefined;
  /** Newest first. */
  list(workgroup: string): QueryRecord[];
  unfinished(): QueryRecord[];
  put(record: QueryRecord): Promise<void>;
}

const keptMs = 45 * 24 * 60 * 60 * 1000;

/** Opens the executions in a folder; those older than 45 days are forgotten. */
export async function openExecutions({ folder, nowMs }: { folder: string; nowMs: number }): Promise<Executions> {
  await mkdir(folder, { recursive: true });
  const records = new Map<string, QueryRecord>();
  const tokens = new Map<string, string>();
  for (const record of await readRecords(folder)) if (record.submittedAt >= nowMs - keptMs) remember(record);

  function remember(record: QueryRecord): void {
    records.set(record.id, record);
    if (record.token) tokens.set(record.token, record.id);
  }

  return {
    find: id => records.get(id),
    findByToken: token => records.get(tokens.get(token) ?? ''),
    list: workgroup =>
      [...records.values()]
        .filter(record => record.workgroup === workgroup)
        .sort((a, b) => b.submittedAt - a.submittedAt),
    unfinished: () => [...records.values()].filter(({ state }) => state === 'QUEUED' || state === 'RUNNING'),
    async put(record) {
      remember(record);
      const temporary = join(folder, `${randomUUID()}.tmp`);
      await writeFile(temporary, JSON.stringify(record));
      await rename(temporary, join(folder, `${record.id}.json`));
    },
  };
}

async function readRecords(folder: string): Promise<QueryRecord[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.json'));
  const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')));
  return texts.map(text => JSON.parse(text) as QueryRecord).sort((a, b) => a.submittedAt - b.submittedAt);
}
