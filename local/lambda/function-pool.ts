import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { FunctionError } from './function-error.ts';
import type { FunctionLog } from './function-log.ts';
import { type FunctionWorker, type FunctionWorkerOptions, startFunctionWorker } from './function-worker.ts';

export interface FunctionPoolOptions extends FunctionWorkerOptions {
  readonly timeoutSeconds: number;
  readonly log: FunctionLog;
  /** Whether one thread stays however long nobody calls. */
  readonly keepsOne: boolean;
}

/** The threads of one function: another one starts when requests wait, and ends when they no longer do. */
export interface FunctionPool {
  /**
   * Runs the function.
   *
   * @param payload JSON
   * @returns the answer as JSON
   * @throws {FunctionError}
   */
  invoke(payload: string): Promise<string>;
  /** Ends the threads that are at work, as if each had crashed. */
  crash(): void;
  stop(): Promise<void>;
}

/** Milliseconds that a request waits for a busy thread before another is started. */
const patience = 100;
/** More threads than that would only take processors from each other. */
const threadLimit = Math.min(10, 2 * availableParallelism());
/** Milliseconds after which a thread without work ends. */
const idleLimit = 300_000;

interface Request {
  readonly payload: string;
  readonly arrivedMs: number;
  readonly answer: PromiseWithResolvers<string>;
}

interface Thread {
  readonly worker: FunctionWorker;
  readonly startedMs: number;
  /** Milliseconds that loading took, until a request has accounted for it. */
  initMs: number | null;
  state: 'starting' | 'idle' | 'busy';
  idleTimer?: NodeJS.Timeout;
}

/** Makes the pool; threads start with the first requests. */
export function createFunctionPool(options: FunctionPoolOptions): FunctionPool {
  const threads = new Set<Thread>();
  const waiting: Request[] = [];
  let patienceTimer: NodeJS.Timeout | undefined;
  let isStopped = false;

  function schedule(): void {
    while (waiting.length > 0) {
      const thread = threads.values().find(({ state }) => state === 'idle');
      if (!thread) break;
      void serve(thread, waiting.shift()!);
    }
    if (waiting.length === 0) return;
    const isWarmingUp = threads.values().some(({ state, initMs }) => state === 'starting' || initMs !== null);
    if (isWarmingUp || threads.size >= threadLimit) return;
    const waitedMs = performance.now() - waiting[0]!.arrivedMs;
    if (threads.size === 0 || waitedMs >= patience) startThread();
    else patienceTimer ??= setTimeout(whenPatienceEnds, patience - waitedMs);
  }

  function whenPatienceEnds(): void {
    patienceTimer = undefined;
    schedule();
  }

  function startThread(): void {
    const worker = startFunctionWorker(options);
    const thread: Thread = { worker, startedMs: performance.now(), initMs: null, state: 'starting' };
    threads.add(thread);
    worker.ready.then(
      () => {
        thread.initMs = performance.now() - thread.startedMs;
        rest(thread);
      },
      error => {
        threads.delete(thread);
        worker.terminate(error);
        waiting.shift()?.answer.reject(error);
        schedule();
      },
    );
    void worker.ended.then(() => {
      clearTimeout(thread.idleTimer);
      threads.delete(thread);
      if (!isStopped) schedule();
    });
  }

  function rest(thread: Thread): void {
    thread.state = 'idle';
    thread.idleTimer = setTimeout(() => {
      if (options.keepsOne && threads.size === 1) return;
      threads.delete(thread);
      thread.worker.terminate(stopped());
    }, idleLimit).unref();
    schedule();
  }

  async function serve(thread: Thread, { payload, answer }: Request): Promise<void> {
    thread.state = 'busy';
    clearTimeout(thread.idleTimer);
    const { timeoutSeconds, log } = options;
    const requestId = randomUUID();
    const startedMs = performance.now();
    const timer = setTimeout(
      () => thread.worker.terminate(timedOut(requestId, timeoutSeconds)),
      timeoutSeconds * 1_000,
    );
    let memoryBytes: number | null = null;
    try {
      const invocation = { requestId, payload, deadlineMs: Date.now() + timeoutSeconds * 1_000 };
      const answered = await thread.worker.invoke(invocation);
      memoryBytes = answered.memoryBytes;
      if (answered.result instanceof FunctionError) throw answered.result;
      answer.resolve(answered.result);
    } catch (error) {
      answer.reject(error);
      log.error(requestId, error as FunctionError);
    } finally {
      clearTimeout(timer);
      log.report({ requestId, durationMs: performance.now() - startedMs, initMs: thread.initMs, memoryBytes });
      thread.initMs = null;
    }
    if (thread.worker.isAlive()) rest(thread);
  }

  return {
    invoke(payload) {
      if (isStopped) return Promise.reject(stopped());
      const answer = Promise.withResolvers<string>();
      waiting.push({ payload, arrivedMs: performance.now(), answer });
      schedule();
      return answer.promise;
    },
    crash() {
      for (const { state, worker } of threads) if (state === 'busy') worker.terminate(crashed());
    },
    async stop() {
      isStopped = true;
      clearTimeout(patienceTimer);
      for (const { answer } of waiting.splice(0)) answer.reject(stopped());
      const all = [...threads];
      for (const { worker } of all) worker.terminate(stopped());
      await Promise.all(all.map(({ worker }) => worker.ended));
    },
  };
}

function timedOut(requestId: string, seconds: number): FunctionError {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
  return new FunctionError({ errorType: 'Sandbox.Timedout', errorMessage });
}

function crashed(): FunctionError {
  return new FunctionError({
    errorType: 'Runtime.ExitError',
    errorMessage: 'Runtime exited with error: signal: killed',
  });
}

function stopped(): FunctionError {
  return new FunctionError({ errorType: 'Sandbox.Stopped', errorMessage: 'The embedded cloud is stopping' });
}
