import type { StateMachineDefinition } from 'aws-local-stepfunctions';
import type { Clock } from '../../lifecycle/clock.ts';
import { longestTimerSeconds } from '../timers.ts';
import { findUnsupported, isDistributed, toPlainMap } from './distributed-map.ts';
import { readResource, taskTimeoutSeconds } from './task-resource.ts';

/** A state as the machine's author wrote it. */
export interface State {
  readonly Type: string;
  readonly [field: string]: unknown;
}

export interface PreparedDefinition {
  /** What the interpreter runs. */
  readonly definition: StateMachineDefinition;
  /** The states as written, nested ones too, by name; names are unique in a machine. */
  readonly states: ReadonlyMap<string, State>;
  /** Names of the tasks that read the items of distributed Maps, in the order of these items in the context. */
  readonly itemReaders: readonly string[];
}

/** Thrown when a machine uses what the embedded cloud can't run. */
export class UnsupportedMachineError extends Error {
  override readonly name = 'UnsupportedMachineError';

  constructor(machine: string, problem: string, options?: ErrorOptions) {
    super(`Cannot run state machine "${machine}": ${problem}`, options);
  }
}

/** Name under which the context object holds the execution; the interpreter overwrites `Execution` with an input and a start of its own. */
export const executionInContext = 'StartedExecution';

/**
 * Rewrites a valid definition so that the interpreter runs it as Step Functions would:
 * - `$$.Execution` is the execution that was started, with its first start time and its whole input, in nested states too;
 * - Wait states become tasks, so that they follow the domain clock and may last longer than a timer;
 * - a distributed Map becomes a plain one, over items that a task reads;
 * - retry intervals follow the domain clock, and so does the time that a task waits for its token;
 * - a task without a timeout has none, rather than a minute; `ResultPath: "$"` means the whole.
 *
 * @throws {UnsupportedMachineError}
 */
export function prepareDefinition(machine: string, text: string, clock: Clock): PreparedDefinition {
  const states = new Map<string, State>();
  const itemReaders: string[] = [];
  const written = JSON.parse(text, redirectExecution);
  const limited =
    written.TimeoutSeconds === undefined
      ? written
      : { ...written, TimeoutSeconds: Math.min(written.TimeoutSeconds, longestTimerSeconds) };
  return { definition: prepareStates(limited), states, itemReaders };

  function prepareStates<Definition extends { States: Record<string, unknown> }>(definition: Definition): Definition {
    const prepared = Object.entries(definition.States).map(([name, state]) => [
      name,
      prepareState(name, state as State),
    ]);
    return { ...definition, States: Object.fromEntries(prepared) };
  }

  function prepareState(name: string, state: State): object {
    states.set(name, state);
    refuseUnsupported(machine, name, state);
    const { ResultPath, ...rest } = { ...state, ...prepareByType(name, state) };
    return { ...rest, ...(ResultPath === undefined || ResultPath === '$' ? {} : { ResultPath }) };
  }

  function prepareByType(name: string, state: State): object {
    const retry = Array.isArray(state.Retry) ? { Retry: state.Retry.map(retrier => scaleRetrier(retrier, clock)) } : {};
    switch (state.Type) {
      case 'Task':
        return { ...retry, TimeoutSeconds: taskTimeoutSeconds(state, clock) };
      case 'Wait':
        return waitTask(state);
      case 'Parallel':
        return { ...retry, Branches: (state.Branches as { States: Record<string, unknown> }[]).map(prepareStates) };
      case 'Map': {
        const processor = state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
        const inner = { [processor]: prepareStates(state[processor] as { States: Record<string, unknown> }) };
        return { ...retry, ...(isDistributed(state) ? distribute(name, { ...state, ...inner }) : inner) };
      }
      default:
        return {};
    }
  }

  function distribute(name: string, map: State): object {
    const { reader, state } = toPlainMap(name, map, itemReaders.length);
    itemReaders.push(reader);
    return state;
  }
}

/** Reviver that points `$$.Execution` in paths and intrinsic functions to the execution as it was started. */
function redirectExecution(key: string, value: unknown): unknown {
  const isPath = typeof value === 'string' && (key.endsWith('.$') || key.endsWith('Path') || key === 'Variable');
  return isPath ? value.replaceAll(/\$\$\.Execution\b/g, () => `$$.${executionInContext}`) : value;
}

const unsupportedFields = [
  ...['QueryLanguage', 'Assign', 'Arguments', 'Output'],
  ...['ItemBatcher', 'ResultWriter'],
  ...['TimeoutSecondsPath', 'HeartbeatSecondsPath'],
];

function refuseUnsupported(machine: string, name: string, state: State): void {
  const fields = isDistributed(state) ? unsupportedFields : [...unsupportedFields, 'ItemReader'];
  const field = fields.find(field => field in state);
  if (field) throw new UnsupportedMachineError(machine, `state "${name}" has "${field}"`);
  const problem = isDistributed(state) ? findUnsupported(state) : undefined;
  if (problem) throw new UnsupportedMachineError(machine, `state "${name}" ${problem}`);
  if (state.Type === 'Task' && readResource(state.Resource as string) === undefined) {
    const accepted = 'a function ARN, arn:aws:states:::lambda:invoke, arn:aws:states:::lambda:invoke.waitForTaskToken';
    throw new UnsupportedMachineError(
      machine,
      `task "${name}" has the resource "${state.Resource}", expected ${accepted}`,
    );
  }
}

function scaleRetrier(retrier: Record<string, unknown>, clock: Clock): object {
  const { IntervalSeconds = 1, MaxDelaySeconds } = retrier as { IntervalSeconds?: number; MaxDelaySeconds?: number };
  return {
    ...retrier,
    IntervalSeconds: clock.real(IntervalSeconds),
    ...(MaxDelaySeconds === undefined ? {} : { MaxDelaySeconds: clock.real(MaxDelaySeconds) }),
  };
}

/** The task that stands for a Wait state: its input says until when, its result is thrown away. */
function waitTask(state: State): object {
  const { Seconds, SecondsPath, Timestamp, TimestampPath } = state;
  const until =
    SecondsPath !== undefined
      ? { 'Seconds.$': SecondsPath }
      : TimestampPath !== undefined
        ? { 'Timestamp.$': TimestampPath }
        : { Seconds, Timestamp };
  return { Type: 'Task', Parameters: until, ResultPath: null, TimeoutSeconds: longestTimerSeconds };
}
