import { localRegion } from '../service.ts';
import type { NewEvent } from './history.ts';
import type { State } from './prepare-definition.ts';
import type { TaskError } from './task-error.ts';
import { readResource } from './task-resource.ts';

/** The events of one attempt of a task. */
export interface TaskEvents {
  scheduled(): NewEvent;
  started(): NewEvent;
  /** The service took the task and it waits for its token. */
  submitted?(): NewEvent;
  succeeded(output: string): NewEvent;
  failed(error: TaskError): NewEvent;
  timedOut(): NewEvent;
}

/** Makes the events by the kind of resource: `LambdaFunction…` for a function, `Task…` for a service integration. */
export function taskEvents({ state, input }: { state: State; input: unknown }): TaskEvents {
  const { functionArn, integration } = readResource(state.Resource as string)!;
  const limits = { timeoutInSeconds: state.TimeoutSeconds, heartbeatInSeconds: state.HeartbeatSeconds };
  return functionArn === undefined
    ? integrationEvents(integration!, input, limits)
    : functionEvents(functionArn, input, limits);
}

function functionEvents(resource: string, input: unknown, { timeoutInSeconds }: Record<string, unknown>): TaskEvents {
  return {
    scheduled: () => ({
      type: 'LambdaFunctionScheduled',
      lambdaFunctionScheduledEventDetails: {
        resource,
        input: JSON.stringify(input),
        timeoutInSeconds,
      },
    }),
    started: () => ({ type: 'LambdaFunctionStarted' }),
    succeeded: output => ({
      type: 'LambdaFunctionSucceeded',
      lambdaFunctionSucceededEventDetails: { output },
    }),
    failed: ({ name, message }) => ({
      type: 'LambdaFunctionFailed',
      lambdaFunctionFailedEventDetails: { error: name, cause: message },
    }),
    timedOut: () => ({
      type: 'LambdaFunctionTimedOut',
      lambdaFunctionTimedOutEventDetails: { error: 'States.Timeout' },
    }),
  };
}

function integrationEvents(resource: string, input: unknown, limits: Record<string, unknown>): TaskEvents {
  const task = { resourceType: 'lambda', resource };
  return {
    scheduled: () => ({
      type: 'TaskScheduled',
      taskScheduledEventDetails: { ...task, region: localRegion, parameters: JSON.stringify(input), ...limits },
    }),
    started: () => ({ type: 'TaskStarted', taskStartedEventDetails: task }),
    submitted: () => ({ type: 'TaskSubmitted', taskSubmittedEventDetails: task }),
    succeeded: output => ({
      type: 'TaskSucceeded',
      taskSucceededEventDetails: { ...task, output },
    }),
    failed: ({ name, message }) => ({
      type: 'TaskFailed',
      taskFailedEventDetails: { ...task, error: name, cause: message },
    }),
    timedOut: () => ({ type: 'TaskTimedOut', taskTimedOutEventDetails: { ...task, error: 'States.Timeout' } }),
  };
}
