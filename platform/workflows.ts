import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';

export interface Execution {
  readonly executionId: string;
  readonly name: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
  readonly startedAt: Date;
  readonly stoppedAt: Date | null;
}

export interface ExecutionDetail extends Execution {
  readonly input: unknown;
  readonly output: unknown;
  readonly error: string | null;
  readonly cause: string | null;
}

/** A state's beginning or end. */
export interface StateEvent {
  readonly at: Date;
  readonly state: string;
  /** `Task`, `Choice`, `Succeed` … */
  readonly type: string;
  readonly kind: 'entered' | 'exited';
  /** The state's JSON at its beginning or end. */
  readonly data: unknown;
}

/** The deployment's state machines, by the last word of their names. */
export interface Workflows {
  /** ARN of the execution `name`, whether there is one or not. */
  idOf(machine: string, name: string): string;
  /** Starts an execution and returns its ARN; the same `name` with the same input is one execution. */
  start(machine: string, input: object, name: string): Promise<string>;
  /** One execution, or undefined when none has this ARN. */
  describe(executionId: string): Promise<ExecutionDetail | undefined>;
  /** Which states an execution entered and left so far, in order. */
  states(executionId: string): Promise<StateEvent[]>;
  /** Gives a task token back with an output; whoever waited for it may be gone. */
  succeed(token: string, output: object): Promise<void>;
  /** Newest first. */
  list(machine: string, limit: number): Promise<Execution[]>;
}

/**
 * Connects to Step Functions.
 *
 * @param stateMachinePrefix ARN up to and including the `-` before the machine's own name
 */
export function connectWorkflows(stateMachinePrefix: string): Workflows {
  const client = new SFNClient({});
  const idOf = (machine: string, name: string) =>
    `${stateMachinePrefix.replace(':stateMachine:', ':execution:')}${machine}:${name}`;
  return {
    idOf,
    async start(machine, input, name) {
      const stateMachineArn = `${stateMachinePrefix}${machine}`;
      try {
        const { executionArn } = await client.send(
          new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
        );
        return executionArn!;
      } catch (error) {
        if (error instanceof ExecutionAlreadyExists) return idOf(machine, name);
        throw error;
      }
    },
    async describe(executionId) {
      try {
        const found = await client.send(new DescribeExecutionCommand({ executionArn: executionId }));
        return {
          ...summary(found),
          input: parse(found.input),
          output: parse(found.output),
          error: found.error ?? null,
          cause: found.cause ?? null,
        };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return undefined;
        throw error;
      }
    },
    async states(executionId) {
      const events: StateEvent[] = [];
      for await (const page of paginateGetExecutionHistory({ client }, { executionArn: executionId })) {
        for (const event of page.events ?? []) events.push(...readStateEvent(event));
      }
      return events;
    },
    async succeed(token, output) {
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }));
      } catch (error) {
        if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist)) throw error;
      }
    },
    async list(machine, limit) {
      const { executions } = await client.send(
        new ListExecutionsCommand({ stateMachineArn: `${stateMachinePrefix}${machine}`, maxResults: limit }),
      );
      return (executions ?? []).map(summary);
    },
  };
}

function summary(execution: {
  executionArn?: string;
  name?: string;
  status?: Execution['status'];
  startDate?: Date;
  stopDate?: Date;
}): Execution {
  return {
    executionId: execution.executionArn!,
    name: execution.name!,
    status: execution.status!,
    startedAt: execution.startDate!,
    stoppedAt: execution.stopDate ?? null,
  };
}

function readStateEvent(event: HistoryEvent): StateEvent[] {
  const { stateEnteredEventDetails: entered, stateExitedEventDetails: exited } = event;
  const details = entered ?? exited;
  if (!details) return [];
  return [
    {
      at: event.timestamp!,
      state: details.name!,
      type: event.type!.replace(/State(Entered|Exited)$/, ''),
      kind: entered ? 'entered' : 'exited',
      data: parse(entered?.input ?? exited?.output),
    },
  ];
}

function parse(json: string | undefined): unknown {
  return json === undefined ? null : JSON.parse(json);
}
