import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../lifecycle/clock.ts';
import { localAccount, localRegion } from '../service.ts';
import { sleepUntil } from '../timers.ts';
import type { NewEvent } from './history.ts';
import type { State } from './prepare-definition.ts';
import { dataLimitExceeded, functionError, payloadLimit, TaskError, TerminalError } from './task-error.ts';
import { taskEvents } from './task-events.ts';
import { readResource, taskTimeoutSeconds } from './task-resource.ts';
import type { TaskTokens } from './task-tokens.ts';

export interface TaskRun {
  readonly name: string;
  readonly state: State;
  readonly input: unknown;
  readonly machineArn: string;
  /** Aborted when the execution is over. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly tokens: TaskTokens;
  /** The tokens that this execution has read from its context. */
  readonly minted: readonly string[];
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  readonly record: (event: NewEvent) => void;
}

/**
 * Runs one attempt of a Task state and records its events.
 *
 * @returns the result, as JSON values
 * @throws {TaskError} by the name that Retry and Catch match
 */
export async function runTask(run: TaskRun): Promise<unknown> {
  const events = taskEvents(run);
  const timeout = new AbortController();
  // Set before the interpreter's own timer of the same length, so it fires first: this one tells, that one ends the state.
  const timer = setTimeout(() => {
    timeout.abort();
    run.record(events.timedOut());
  }, taskTimeoutSeconds(run.state, run.clock) * 1e3);
  const over = AbortSignal.any([run.signal, timeout.signal]);
  try {
    await stateEntered(over);
    run.record(events.scheduled());
    run.record(events.started());
    const result = await Promise.race([
      attempt(run, over, () => run.record(events.submitted!())),
      abandonedOn(run.signal),
    ]);
    abandonIf(over);
    run.record(events.succeeded(result));
    return JSON.parse(result);
  } catch (error) {
    const failure = error instanceof TaskError ? error : functionError(error);
    if (!over.aborted) run.record(events.failed(failure));
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a Wait state, as the task that stands for it: until an instant, or for some seconds, of domain time. */
export async function runWait({ input, clock, signal }: TaskRun): Promise<null> {
  const { Seconds, Timestamp } = input as { Seconds?: number; Timestamp?: string };
  const until = Timestamp === undefined ? clock.now().getTime() + Seconds! * 1_000 : Date.parse(Timestamp);
  await stateEntered(signal);
  await sleepUntil(until, clock, signal);
  abandonIf(signal);
  return null;
}

/** The interpreter tells in this very turn that the state was entered: that comes first in the history, and may end the execution. */
async function stateEntered(over: AbortSignal): Promise<void> {
  await turn();
  abandonIf(over);
}

function abandonIf(over: AbortSignal): void {
  if (over.aborted) throw abandoned();
}

/** Lets go of a function that still runs when its execution is over. */
function abandonedOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(abandoned()), { once: true }));
}

function abandoned(): TerminalError {
  return new TerminalError('States.Runtime', 'The task was abandoned');
}

/** Result of the attempt as JSON text within the limit. */
async function attempt(run: TaskRun, over: AbortSignal, submitted: () => void): Promise<string> {
  limited(run.input, run.name);
  const resource = readResource(run.state.Resource as string)!;
  if (resource.functionArn) return limited(await run.invoke(resource.functionArn, run.input), run.name);
  const { FunctionName, Payload = {} } = run.input as { FunctionName: string; Payload?: unknown };
  const functionArn = FunctionName.startsWith('arn:') ? FunctionName : functionArnOf(FunctionName);
  if (resource.waitsForToken) return limited(await invokeAndWait(run, functionArn, Payload, over, submitted), run.name);
  const answer = await run.invoke(functionArn, Payload);
  return limited({ ExecutedVersion: '$LATEST', Payload: answer ?? null, StatusCode: 200 }, run.name);
}

function limited(payload: unknown, state: string): string {
  const text = JSON.stringify(payload ?? null);
  if (Buffer.byteLength(text) > payloadLimit) throw dataLimitExceeded(state);
  return text;
}

function functionArnOf(name: string): string {
  return `arn:aws:lambda:${localRegion}:${localAccount}:function:${name}`;
}

async function invokeAndWait(
  { input, state, machineArn, minted, tokens, clock, invoke }: TaskRun,
  functionArn: string,
  payload: unknown,
  over: AbortSignal,
  submitted: () => void,
): Promise<unknown> {
  const text = JSON.stringify(input);
  const heartbeat = state.HeartbeatSeconds as number | undefined;
  const { output, forget } = tokens.wait(
    minted.filter(token => text.includes(token)),
    { machineArn, heartbeatMs: heartbeat === undefined ? undefined : clock.real(heartbeat * 1_000) },
  );
  over.addEventListener('abort', forget, { once: true });
  try {
    // The function may give the token back before it answers.
    await invoke(functionArn, payload);
    if (!over.aborted) submitted();
    return JSON.parse(await output);
  } finally {
    forget();
  }
}
