import {
  ExecutionAbortedError,
  type ExecutionError,
  ExecutionTimeoutError,
  StateMachine,
} from 'aws-local-stepfunctions';
import type { Clock } from '../../lifecycle/clock.ts';
import { itemsInContext } from './distributed-map.ts';
import type { ExecutionRecord } from './execution-store.ts';
import { type InterpreterEvent, type NewEvent, translateEvent } from './history.ts';
import { executionInContext, type PreparedDefinition } from './prepare-definition.ts';
import { runTask, runWait } from './run-task.ts';
import { dataLimitExceeded, payloadLimit, TaskError } from './task-error.ts';
import type { TaskTokens } from './task-tokens.ts';

export type ExecutionEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED'; readonly error: string; readonly cause: string }
  | { readonly status: 'TIMED_OUT' }
  | { readonly status: 'ABORTED'; readonly error?: string; readonly cause?: string };

export interface RunOptions {
  readonly machine: PreparedDefinition;
  readonly execution: ExecutionRecord;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  /** Runs a function as the machine's role. */
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  /** Reads an object as the machine's role, whose items are to be its executions. */
  readonly readItems: (bucket: string, key: string) => Promise<string>;
  /** Keeps an event of the history. */
  readonly record: (event: NewEvent) => void;
}

export interface RunningExecution {
  /** How it ended, once all its events are recorded. */
  readonly ended: Promise<ExecutionEnd>;
  abort(): void;
}

/** Runs an execution from its first state. */
export function runExecution(options: RunOptions): RunningExecution {
  const { machine, execution, clock, tokens, invoke, record } = options;
  const aborted = new AbortController();
  const minted: string[] = [];
  const items: unknown[][] = [];
  const common = {
    machineArn: execution.stateMachineArn,
    signal: aborted.signal,
    ...{ clock, tokens, minted, invoke, record },
  };
  const tasks = [...machine.states].filter(([, { Type }]) => Type === 'Task' || Type === 'Wait');
  const handlers = tasks.map(([name, state]) => [
    name,
    (input: unknown) => (state.Type === 'Wait' ? runWait : runTask)({ name, state, input, ...common }),
  ]);
  const readers = machine.itemReaders.map((name, index) => [
    name,
    async (input: { Bucket: string; Key: string }) => {
      items[index] = await readItems(options, input);
    },
  ]);
  const run = new StateMachine(machine.definition, { validationOptions: { noValidate: true } }).run(
    JSON.parse(execution.input),
    {
      overrides: { taskResourceLocalHandlers: Object.fromEntries([...handlers, ...readers]) },
      context: { ...contextObject(execution, tokens, minted), [itemsInContext]: items },
    },
  );
  const abort = () => {
    aborted.abort();
    run.abort();
  };

  async function recordEvents(): Promise<ExecutionEnd | undefined> {
    let failure: ExecutionEnd | undefined;
    for await (const event of run.eventLogs as AsyncGenerator<InterpreterEvent>) {
      const state = machine.states.get((event.state ?? event.parentState)?.name ?? '');
      // A state that its author did not write stands for the workings of another.
      for (const translated of state ? translateEvent(event, state.Type) : []) record(translated);
      if (event.type === 'StateExited' && JSON.stringify(event.state?.output).length > payloadLimit) {
        const { name, message } = dataLimitExceeded(event.state!.name);
        failure ??= { status: 'FAILED', error: name, cause: message };
        abort();
      }
    }
    return failure;
  }

  async function end(): Promise<ExecutionEnd> {
    const [ended, failure] = await Promise.all([run.result.then(succeeded, failed), recordEvents()]);
    aborted.abort();
    return failure ?? ended;
  }

  return { ended: end(), abort };
}

async function readItems({ readItems }: RunOptions, { Bucket, Key }: { Bucket: string; Key: string }) {
  try {
    const items: unknown = JSON.parse(await readItems(Bucket, Key));
    if (!Array.isArray(items)) throw new TypeError(`s3://${Bucket}/${Key} is no JSON array`);
    return items;
  } catch (error) {
    throw error instanceof TaskError ? error : new TaskError('States.ItemReaderFailed', (error as Error).message);
  }
}

function contextObject(execution: ExecutionRecord, tokens: TaskTokens, minted: string[]) {
  return {
    [executionInContext]: {
      Id: execution.executionArn,
      Name: execution.name,
      Input: JSON.parse(execution.input),
      StartTime: new Date(execution.startedAt).toISOString(),
    },
    StateMachine: { Id: execution.stateMachineArn, Name: execution.stateMachineArn.split(':').at(-1) },
    Task: {
      // Each read is a new token: the task that reads it finds it in its input.
      get Token() {
        const token = tokens.mint();
        minted.push(token);
        return token;
      },
    },
  };
}

function succeeded(output: unknown): ExecutionEnd {
  return { status: 'SUCCEEDED', output: JSON.stringify(output) };
}

function failed(error: unknown): ExecutionEnd {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  if (error instanceof ExecutionTimeoutError) return { status: 'TIMED_OUT' };
  const { name, message } = (error as ExecutionError).cause as Error;
  return { status: 'FAILED', error: name, cause: message };
}
