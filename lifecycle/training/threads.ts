import { Worker } from 'node:worker_threads';
import type { Threads } from '../../ml/trees/threads.ts';

/** Threads that live until they are closed. */
export interface OpenThreads extends Threads {
  /** Ends the other threads, also in the middle of their work. */
  close(): Promise<void>;
}

/**
 * The program of each thread. It is so small because kernels come as compiled modules, so it is a text: nothing needs to find a file, be it in a bundle
 * or among the sources.
 */
const program = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', ({ module, memory }) => {
    new WebAssembly.Instance(module, { env: { memory } }).exports.work();
  });
`;

/** Memory in MB with which a function has one processor more. */
const memoryOfProcessor = 1_769;

/** Threads that a function's processors keep busy: with a good half of one more, one thread more pays. */
export function countThreads({ memoryMb }: { readonly memoryMb: number }): number {
  return Math.max(1, Math.round(memoryMb / memoryOfProcessor));
}

/** Lets an act compute on threads, and ends them with it. */
export async function withThreads<Result>(count: number, act: (threads: Threads) => Result): Promise<Awaited<Result>> {
  const threads = openThreads(count);
  try {
    return await act(threads);
  } finally {
    await threads.close();
  }
}

/**
 * Starts threads for training. They do not keep the process alive.
 *
 * @param count threads that compute at once, the caller's own among them
 */
export function openThreads(count: number): OpenThreads {
  const workers = Array.from({ length: count - 1 }, () => new Worker(program, { eval: true, env: {}, execArgv: [] }));
  for (const worker of workers) worker.unref();
  return {
    count,
    start: (module, memory) => {
      for (const worker of workers) worker.postMessage({ module, memory });
    },
    close: async () => {
      await Promise.all(workers.map(worker => worker.terminate()));
    },
  };
}
