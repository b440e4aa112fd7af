import { type JsonService, ServiceError } from '../service.ts';
import { stepFunctionsActions } from './actions.ts';
import { openExecutionStore } from './execution-store.ts';
import { createExecutions, type ExecutionsOptions } from './executions.ts';
import { TaskTokens } from './task-tokens.ts';
import { validateMachines } from './validate-machines.ts';

export interface StepFunctionsOptions extends Pick<ExecutionsOptions, 'machines' | 'clock'> {
  /** Runs a Lambda function; rejects with an error whose name is the function's `errorType`, and whose `trace` is its own, if there is one. */
  readonly invoke: (functionArn: string, payload: unknown) => Promise<unknown>;
  /** Reads an object; rejects when it is not there. */
  readonly readObject: (bucket: string, key: string) => Promise<string>;
  /** Throws when the machine's role may not do an IAM action on a resource. @default - it may */
  readonly authorize?: (machineArn: string, action: string, resource: string) => void;
  /** Folder of this service's own, made when it is absent. */
  readonly stateFolder: string;
}

export interface StepFunctions extends JsonService {
  /** Runs again the executions that were running when the process ended: from their start, with their input and start time. */
  resume(): void;
}

/**
 * Step Functions: standard workflows in JSONPath ASL, whose tasks are Lambda functions.
 *
 * @throws {UnsupportedMachineError} when a machine can't be run here
 */
export function createStepFunctions({ stateFolder, ...options }: StepFunctionsOptions): StepFunctions {
  validateMachines(options.machines, stateFolder);
  const tokens = new TaskTokens();
  const executions = createExecutions({ ...options, tokens, store: openExecutionStore(stateFolder) });
  const actions = stepFunctionsActions(executions, tokens);
  return {
    async handle(action, input, caller) {
      const act = actions[action];
      if (!act) throw new ServiceError('UnknownOperationException', `Step Functions has no action "${action}" here`);
      return act(input, caller);
    },
    resume: executions.resume,
    stop: executions.suspend,
  };
}
