import { Worker } from 'node:worker_threads';
import { FunctionError } from './function-error.ts';
import type { AnswerMessage, InitializationMessage, Invocation, RuntimeData } from './messages.ts';

export interface FunctionWorkerOptions {
  readonly data: RuntimeData;
  /** All variables that the function sees. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How an invocation ended. */
export interface WorkerAnswer {
  /** JSON, or why there is none. */
  readonly result: string | FunctionError;
  /** The most that any look at the thread found, in bytes. */
  readonly memoryBytes: number;
}

/** One thread that runs one function, one request at a time. */
export interface FunctionWorker {
  /** Settles once the function's module is loaded. @throws {FunctionError} */
  readonly ready: Promise<void>;
  /** Whether it has not been ended and has not ended by itself. */
  isAlive(): boolean;
  /** Settles once the thread has ended. */
  readonly ended: Promise<void>;
  /** @throws {FunctionError} when the thread ends first */
  invoke(invocation: Invocation): Promise<WorkerAnswer>;
  /** Ends the thread at once; what it is doing fails with the reason. */
  terminate(reason: FunctionError): void;
}

/** Milliseconds between two looks at the memory of a thread that is busy for long. */
const memoryInterval = 250;

/** V8 limits the heap alone, and of a Lambda's memory the heap gets nine tenths. */
const heapShare = 0.9;

/** Starts a thread with an environment of its own. */
export function startFunctionWorker({ data, environment }: FunctionWorkerOptions): FunctionWorker {
  const worker = new Worker(new URL('./runtime.ts', import.meta.url), {
    workerData: data,
    env: { ...environment, ...compileCache() },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: Math.floor(data.memorySizeMb * heapShare) },
  });
  const ready = Promise.withResolvers<void>();
  ready.promise.catch(() => {});
  const ended = Promise.withResolvers<void>();
  let current: PromiseWithResolvers<AnswerMessage> | undefined;
  let ending: FunctionError | undefined;

  worker.on('message', (message: InitializationMessage | AnswerMessage) => {
    if (message.type === 'ready') ready.resolve();
    else if (message.type === 'broken') ready.reject(new FunctionError(message.error));
    else current?.resolve(message);
  });
  worker.on('error', error => {
    ending ??= exitError(`Runtime exited with error: ${error.message}`);
  });
  worker.on('exit', code => {
    ending ??= exitError(`Runtime exited with error: exit status ${code}`);
    ready.reject(ending);
    current?.reject(ending);
    ended.resolve();
  });

  return {
    ready: ready.promise,
    isAlive: () => ending === undefined,
    ended: ended.promise,
    async invoke(invocation) {
      current = Promise.withResolvers();
      worker.postMessage(invocation);
      const watch = watchMemory(worker);
      try {
        const { payload, error, memoryBytes } = await current.promise;
        return {
          result: error ? new FunctionError(error) : payload!,
          memoryBytes: Math.max(memoryBytes, watch.peak()),
        };
      } finally {
        watch.stop();
        current = undefined;
      }
    },
    terminate(reason) {
      ending ??= reason;
      void worker.terminate();
    },
  };
}

/** Where the process keeps compiled code, the function's does as well. */
function compileCache(): Readonly<Record<string, string>> {
  const folder = process.env.NODE_COMPILE_CACHE;
  return folder ? { NODE_COMPILE_CACHE: folder } : {};
}

function exitError(errorMessage: string): FunctionError {
  return new FunctionError({ errorType: 'Runtime.ExitError', errorMessage });
}

function watchMemory(worker: Worker) {
  let peak = 0;
  const look = () =>
    worker.getHeapStatistics().then(
      ({ total_heap_size, external_memory }) => {
        peak = Math.max(peak, total_heap_size + external_memory);
      },
      // The thread has ended meanwhile.
      () => {},
    );
  const timer = setInterval(look, memoryInterval);
  return { peak: () => peak, stop: () => clearInterval(timer) };
}
