import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FunctionError } from './function-error.ts';

/** How one invocation went. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  /** Milliseconds that loading the function took, when this was its first request. */
  readonly initMs: number | null;
  /** Null when the thread ended before it could tell. */
  readonly memoryBytes: number | null;
}

/** What the host adds to the file into which a function's own output goes. */
export interface FunctionLog {
  report(report: Report): void;
  error(requestId: string, error: FunctionError): void;
  /** Settles once all is in the file. */
  stop(): Promise<void>;
}

/** Bytes from which a file is put aside when it is opened again. */
const fileLimit = 10 * 1024 * 1024;

/** Megabytes that Node itself takes before any function's code is loaded, measured as resident memory. */
const baseMb = 45;

/** Opens the file; one that has grown large becomes `<file>.1`. */
export function openFunctionLog(file: string, memorySizeMb: number): FunctionLog {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > fileLimit) renameSync(file, `${file}.1`);
  const stream = createWriteStream(file, { flags: 'a' });
  return {
    report({ requestId, durationMs, initMs, memoryBytes }) {
      const parts = [
        `REPORT RequestId: ${requestId}`,
        `Duration: ${durationMs.toFixed(2)} ms`,
        `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
        `Memory Size: ${memorySizeMb} MB`,
      ];
      if (memoryBytes !== null) parts.push(`Max Memory Used: ${baseMb + Math.ceil(memoryBytes / 1024 ** 2)} MB`);
      if (initMs !== null) parts.push(`Init Duration: ${initMs.toFixed(2)} ms`);
      stream.write(`${parts.join('\t')}\n`);
    },
    error(requestId, { name, message, trace }) {
      stream.write(`${JSON.stringify({ level: 'ERROR', requestId, errorType: name, errorMessage: message, trace })}\n`);
    },
    stop: () => new Promise(resolve => stream.end(() => resolve())),
  };
}
