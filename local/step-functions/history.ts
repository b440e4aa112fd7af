/** An event as GetExecutionHistory answers it. */
export interface HistoryEvent extends NewEvent {
  /** 1, 2, 3 … */
  readonly id: number;
  readonly previousEventId: number;
  /** Epoch seconds of domain time. */
  readonly timestamp: number;
}

/** An event before it has its place: AWS's type, and its details under AWS's name. */
export interface NewEvent {
  readonly type: string;
  readonly [details: string]: unknown;
}

/** What the interpreter tells of a state or an iteration. */
export interface InterpreterEvent {
  readonly type: string;
  readonly state?: { readonly name: string; readonly input: unknown; readonly output?: unknown };
  readonly parentState?: { readonly name: string };
  readonly index?: number;
  readonly Error?: string;
}

/** Translates an event of the interpreter into those of AWS; those of tasks and of the execution itself come from who runs them. */
export function translateEvent(event: InterpreterEvent, stateType: string): NewEvent[] {
  switch (event.type) {
    case 'StateEntered':
      return [entered(event, stateType), ...started(event, stateType)];
    case 'StateExited':
      return [exited(event, stateType)];
    case 'StateFailed':
      return stateType === 'Map' || stateType === 'Parallel' ? [{ type: `${stateType}StateFailed` }] : [];
    case 'MapIterationStarted':
    case 'MapIterationSucceeded':
    case 'MapIterationFailed':
      return [iteration(event)];
    default:
      return [];
  }
}

function entered({ state }: InterpreterEvent, stateType: string): NewEvent {
  const { name, input } = state!;
  return {
    type: `${stateType}StateEntered`,
    stateEnteredEventDetails: { name, input: JSON.stringify(input) },
  };
}

function started({ state }: InterpreterEvent, stateType: string): NewEvent[] {
  if (stateType === 'Parallel') return [{ type: 'ParallelStateStarted' }];
  if (stateType !== 'Map') return [];
  const length = Array.isArray(state!.input) ? state!.input.length : 0;
  return [{ type: 'MapStateStarted', mapStateStartedEventDetails: { length } }];
}

function exited({ state }: InterpreterEvent, stateType: string): NewEvent {
  const { name, output } = state!;
  return {
    type: `${stateType}StateExited`,
    stateExitedEventDetails: { name, output: JSON.stringify(output) },
  };
}

function iteration({ type, parentState, index }: InterpreterEvent): NewEvent {
  const details = `m${type.slice(1)}EventDetails`;
  return { type, [details]: { name: parentState!.name, index } };
}
