// Entry of a function's worker thread: loads the bundle and answers one request at a time, as Lambda's own runtime does.
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import type { AnswerMessage, ErrorAnswer, InitializationMessage, Invocation, RuntimeData } from './messages.ts';

type Handler = (event: unknown, context: object) => unknown;

const data = workerData as RuntimeData;
const host = parentPort!;

redirectOutput(openSync(data.logFile, 'a'));
await start();

async function start(): Promise<void> {
  try {
    const handler = await loadHandler();
    host.on('message', async (invocation: Invocation) => host.postMessage(await answer(handler, invocation)));
    host.postMessage({ type: 'ready' } satisfies InitializationMessage);
  } catch (error) {
    host.postMessage({ type: 'broken', error: describe(error) } satisfies InitializationMessage);
  }
}

/** Output goes to the file from here, so that a busy function costs the host no time. */
function redirectOutput(file: number): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      if (typeof chunk === 'string') writeSync(file, chunk);
      else writeSync(file, chunk);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') callback();
      return true;
    };
  }
}

async function loadHandler(): Promise<Handler> {
  const dot = data.handler.lastIndexOf('.');
  const file = join(data.codeFolder, `${data.handler.slice(0, dot)}.mjs`);
  const name = data.handler.slice(dot + 1);
  const module = await import(pathToFileURL(file).href);
  if (typeof module[name] !== 'function') {
    throw Object.assign(new Error(`${data.handler} is undefined or not exported`), {
      name: 'Runtime.HandlerNotFound',
    });
  }
  return module[name];
}

async function answer(handler: Handler, invocation: Invocation): Promise<AnswerMessage> {
  try {
    const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    return { type: 'answer', payload: JSON.stringify(result) ?? 'null', memoryBytes: usedMemory() };
  } catch (error) {
    return { type: 'answer', error: describe(error), memoryBytes: usedMemory() };
  }
}

function contextOf({ requestId, deadlineMs }: Invocation): object {
  return {
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memorySizeMb),
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function usedMemory(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

function describe(error: unknown): ErrorAnswer {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
