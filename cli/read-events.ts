import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '../contracts/events.ts';

/**
 * Reads the events that stand in a file, and then, until aborted, those that come.
 *
 * @yields all that are new at a look, oldest first; at the first look also when there is none
 */
export async function* readEvents(
  file: string,
  { signal, pollMs }: { readonly signal: AbortSignal; readonly pollMs: number },
): AsyncGenerator<readonly RecordedEvent[]> {
  let { lines, end } = await readLines(file, 0);
  yield lines.map(parse);
  while (!signal.aborted) {
    await sleep(pollMs, undefined, { signal }).catch(() => {});
    ({ lines, end } = await readLines(file, end));
    if (lines.length > 0) yield lines.map(parse);
  }
}

/** Reads the whole lines from a byte on; the last one may still be written. A file that is shorter was begun anew. */
async function readLines(file: string, from: number): Promise<{ lines: string[]; end: number }> {
  const handle = await open(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (!handle) return { lines: [], end: 0 };
  try {
    const { size } = await handle.stat();
    const position = size < from ? 0 : from;
    const buffer = Buffer.alloc(size - position);
    await handle.read({ buffer, position });
    const length = buffer.lastIndexOf('\n') + 1;
    return { lines: buffer.toString('utf8', 0, length).split('\n').slice(0, -1), end: position + length };
  } finally {
    await handle.close();
  }
}

function parse(line: string): RecordedEvent {
  return JSON.parse(line);
}
