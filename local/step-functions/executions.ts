import type { Clock } from '../../lifecycle/clock.ts';
import { objectArn } from '../s3/operation.ts';
import { ServiceError } from '../service.ts';
import type { ExecutionRecord, ExecutionStore } from './execution-store.ts';
import type { NewEvent } from './history.ts';
import { type PreparedDefinition, prepareDefinition } from './prepare-definition.ts';
import { type ExecutionEnd, type RunningExecution, runExecution } from './run-execution.ts';
import { TaskError } from './task-error.ts';
import type { TaskTokens } from './task-tokens.ts';

/** A state machine of the template. */
export interface Machine {
  readonly arn: string;
  readonly name: string;
  /** ASL as JSON text, all substitutions made. */
  readonly definition: string;
  readonly roleArn?: string;
}

export interface ExecutionsOptions {
  readonly machines: readonly Machine[];
  readonly store: ExecutionStore;
  readonly tokens: TaskTokens;
  readonly clock: Clock;
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  readonly readObject: (bucket: string, key: string) => Promise<string>;
  readonly authorize?: (machineArn: string, action: string, resource: string) => void;
}

/** Starts, stops and ends executions, and keeps what becomes of them. */
export interface Executions {
  /** @throws {ServiceError} `StateMachineDoesNotExist` */
  machine(arn: string): Machine;
  readonly machines: readonly Machine[];
  readonly store: ExecutionStore;
  start(machine: Machine, name: string, input: string): ExecutionRecord;
  /** Ends a running execution as ABORTED; one that has ended stays as it is. */
  abort(execution: ExecutionRecord, error?: string, cause?: string): ExecutionRecord;
  /** Runs again what was running when the process ended. */
  resume(): void;
  /** Abandons what runs: it stays RUNNING on disk, to be resumed. */
  suspend(): Promise<void>;
}

/** @throws {UnsupportedMachineError} when a machine can't be run here */
export function createExecutions(options: ExecutionsOptions): Executions {
  const { machines, store, clock } = options;
  const prepared = new Map<string, PreparedDefinition>(
    machines.map(({ arn, name, definition }) => [arn, prepareDefinition(name, definition, clock)]),
  );
  const running = new Map<string, RunningExecution & { readonly kept: Promise<void> }>();
  const now = () => clock.now().getTime();

  function machine(arn: string): Machine {
    const found = machines.find(machine => machine.arn === arn);
    if (!found) throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return found;
  }

  function run(execution: ExecutionRecord): void {
    const { executionArn, stateMachineArn, input } = execution;
    const { roleArn } = machine(stateMachineArn);
    const record = (event: NewEvent) => {
      if (running.has(executionArn)) store.append(executionArn, event, now() / 1_000);
    };
    const started = runExecution({
      machine: prepared.get(stateMachineArn)!,
      execution,
      clock,
      tokens: options.tokens,
      invoke: (functionArn, payload) => invokeAsMachine(options, stateMachineArn, functionArn, payload),
      readItems: (bucket, key) => readItemsAsMachine(options, stateMachineArn, bucket, key),
      record,
    });
    const kept = started.ended.then(end => {
      if (running.has(executionArn)) keepEnd(execution, end);
    });
    running.set(executionArn, { ...started, kept });
    store.clearHistory(executionArn);
    record({ type: 'ExecutionStarted', executionStartedEventDetails: { input, roleArn } });
  }

  function keepEnd(execution: ExecutionRecord, end: ExecutionEnd): ExecutionRecord {
    const { executionArn } = execution;
    const ended = { ...execution, ...end, stoppedAt: now() };
    store.append(executionArn, endEvent(end), ended.stoppedAt / 1_000);
    running.delete(executionArn);
    store.save(ended);
    return ended;
  }

  return {
    machine,
    machines,
    store,
    start(machine, name, input) {
      const execution: ExecutionRecord = {
        executionArn: `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`,
        stateMachineArn: machine.arn,
        name,
        status: 'RUNNING',
        startedAt: now(),
        input,
      };
      store.save(execution);
      run(execution);
      return execution;
    },
    abort(execution, error, cause) {
      const { executionArn } = execution;
      const started = running.get(executionArn);
      if (!started) return execution;
      const ended = keepEnd(execution, { status: 'ABORTED', error, cause });
      started.abort();
      return ended;
    },
    resume() {
      const left = store
        .list()
        .filter(({ status, executionArn }) => status === 'RUNNING' && !running.has(executionArn));
      for (const execution of left.reverse()) {
        if (prepared.has(execution.stateMachineArn)) run(execution);
        else store.save({ ...execution, status: 'ABORTED', cause: 'The state machine was deleted', stoppedAt: now() });
      }
    },
    async suspend() {
      const suspended = [...running.values()];
      running.clear();
      for (const { abort } of suspended) abort();
      await Promise.all(suspended.map(({ kept }) => kept));
    },
  };
}

async function invokeAsMachine(
  { invoke, authorize }: ExecutionsOptions,
  machineArn: string,
  functionArn: string,
  payload: unknown,
): Promise<unknown> {
  try {
    authorize?.(machineArn, 'lambda:InvokeFunction', functionArn);
  } catch (error) {
    // The name that Step Functions gives to whatever Lambda itself refuses.
    throw new TaskError('Lambda.AWSLambdaException', (error as Error).message);
  }
  return invoke(functionArn, payload);
}

/** A distributed Map starts executions of its own machine. */
async function readItemsAsMachine(
  { readObject, authorize }: ExecutionsOptions,
  machineArn: string,
  bucket: string,
  key: string,
): Promise<string> {
  try {
    authorize?.(machineArn, 'states:StartExecution', machineArn);
  } catch (error) {
    throw new TaskError('States.Permissions', (error as Error).message);
  }
  authorize?.(machineArn, 's3:GetObject', objectArn(bucket, key));
  return readObject(bucket, key);
}

function endEvent({ status, ...details }: ExecutionEnd): NewEvent {
  const types = {
    SUCCEEDED: 'ExecutionSucceeded',
    FAILED: 'ExecutionFailed',
    TIMED_OUT: 'ExecutionTimedOut',
    ABORTED: 'ExecutionAborted',
  };
  const type = types[status];
  return { type, [`e${type.slice(1)}EventDetails`]: details };
}
