import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../replace-file.ts';
import type { HistoryEvent, NewEvent } from './history.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionRecord {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  /** Epoch milliseconds of domain time; also that of a rerun. */
  readonly startedAt: number;
  readonly stoppedAt?: number;
  /** JSON text, as it was given. */
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/**
 * Executions on disk, a folder each: `<machine>/<execution>/execution.json` replaced whole, `history.ndjson` appended to.
 * It writes synchronously, so that nothing is answered before it is kept.
 */
export interface ExecutionStore {
  get(executionArn: string): ExecutionRecord | undefined;
  /** Newest first. */
  list(): ExecutionRecord[];
  save(record: ExecutionRecord): void;
  readHistory(executionArn: string): HistoryEvent[];
  /** Appends an event and gives it its number. */
  append(executionArn: string, event: NewEvent, timestamp: number): void;
  clearHistory(executionArn: string): void;
}

/** Opens the executions of a state folder, which need not exist yet. */
export function openExecutionStore(folder: string): ExecutionStore {
  const records = new Map(readRecords(folder).map(record => [record.executionArn, record]));
  const eventCounts = new Map<string, number>();

  return {
    get: executionArn => records.get(executionArn),
    list: () => [...records.values()].reverse().toSorted((a, b) => b.startedAt - a.startedAt),
    save(record) {
      records.set(record.executionArn, record);
      mkdirSync(folderOf(folder, record.executionArn), { recursive: true });
      replaceFile(pathOf(folder, record.executionArn, recordFile), JSON.stringify(record));
    },
    readHistory: executionArn => readEvents(pathOf(folder, executionArn, historyFile)),
    append(executionArn, event, timestamp) {
      const previousEventId = eventCounts.get(executionArn) ?? 0;
      const id = previousEventId + 1;
      eventCounts.set(executionArn, id);
      const line = `${JSON.stringify({ timestamp, id, previousEventId, ...event })}\n`;
      appendFileSync(pathOf(folder, executionArn, historyFile), line);
    },
    clearHistory(executionArn) {
      eventCounts.set(executionArn, 0);
      replaceFile(pathOf(folder, executionArn, historyFile), '');
    },
  };
}

const recordFile = 'execution.json';
const historyFile = 'history.ndjson';

function readRecords(folder: string): ExecutionRecord[] {
  if (!existsSync(folder)) return [];
  const records = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(recordFile))
    .map((path): ExecutionRecord => JSON.parse(readFileSync(join(folder, path), 'utf8')));
  return records.toSorted((a, b) => a.startedAt - b.startedAt);
}

function folderOf(folder: string, executionArn: string): string {
  const [machine, execution] = executionArn.split(':').slice(-2);
  return join(folder, machine!, encodeURIComponent(execution!));
}

function pathOf(folder: string, executionArn: string, file: string): string {
  return join(folderOf(folder, executionArn), file);
}

function readEvents(path: string): HistoryEvent[] {
  if (!existsSync(path)) return [];
  // What follows the last line break was cut off while it was written.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map(line => JSON.parse(line));
}
