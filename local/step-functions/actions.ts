import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Caller, ServiceError } from '../service.ts';
import type { ExecutionRecord } from './execution-store.ts';
import type { Executions } from './executions.ts';
import { page } from './page.ts';
import { payloadLimit, TaskError } from './task-error.ts';
import type { TaskTokens } from './task-tokens.ts';

/** Answers one action of the Step Functions API. @throws {ServiceError} */
export type Action = (input: Readonly<Record<string, unknown>>, caller: Caller) => object;

/** The actions by AWS's names. */
export function stepFunctionsActions(executions: Executions, tokens: TaskTokens): Readonly<Record<string, Action>> {
  const { store } = executions;

  function authorizedMachine(action: string, arn: string, caller: Caller) {
    requireArn(arn, 'stateMachine');
    caller.require(`states:${action}`, arn);
    return executions.machine(arn);
  }

  function authorizedExecution(action: string, arn: string, caller: Caller): ExecutionRecord {
    requireArn(arn, 'execution');
    caller.require(`states:${action}`, arn);
    const found = store.get(arn);
    if (!found) throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return found;
  }

  function authorizedWaiter(action: string, token: string, caller: Caller) {
    const waiter = tokens.find(token);
    caller.require(`states:${action}`, waiter.machineArn);
    return waiter;
  }

  return {
    StartExecution(request, caller) {
      const { stateMachineArn, name, input } = parse(requests.StartExecution, request);
      const machine = authorizedMachine('StartExecution', stateMachineArn, caller);
      requireName(name);
      requireJson(input, 'InvalidExecutionInput');
      const same = store.get(`${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`);
      if (same && (same.status !== 'RUNNING' || same.input !== input)) {
        throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${same.executionArn}'`);
      }
      const { executionArn, startedAt } = same ?? executions.start(machine, name, input);
      return { executionArn, startDate: startedAt / 1_000 };
    },
    DescribeExecution(request, caller) {
      const { executionArn } = parse(requests.DescribeExecution, request);
      const { input, output, error, cause, ...execution } = authorizedExecution(
        'DescribeExecution',
        executionArn,
        caller,
      );
      const details = { inputDetails: { included: true }, ...(output && { outputDetails: { included: true } }) };
      return { ...summary(execution), input, output, error, cause, ...details };
    },
    ListExecutions(request, caller) {
      const { stateMachineArn, statusFilter, ...paging } = parse(requests.ListExecutions, request);
      authorizedMachine('ListExecutions', stateMachineArn, caller);
      const found = store
        .list()
        .filter(execution => execution.stateMachineArn === stateMachineArn)
        .filter(({ status }) => statusFilter === undefined || status === statusFilter);
      const { items, nextToken } = page(found, ({ executionArn }) => executionArn, paging);
      return { executions: items.map(summary), nextToken };
    },
    GetExecutionHistory(request, caller) {
      const { executionArn, reverseOrder, ...paging } = parse(requests.GetExecutionHistory, request);
      authorizedExecution('GetExecutionHistory', executionArn, caller);
      const events = store.readHistory(executionArn);
      const { items, nextToken } = page(reverseOrder ? events.reverse() : events, ({ id }) => String(id), paging);
      return { events: items, nextToken };
    },
    StopExecution(request, caller) {
      const { executionArn, error, cause } = parse(requests.StopExecution, request);
      const execution = authorizedExecution('StopExecution', executionArn, caller);
      const { stoppedAt } = executions.abort(execution, error, cause);
      return { stopDate: stoppedAt! / 1_000 };
    },
    DescribeStateMachine(request, caller) {
      const { stateMachineArn } = parse(requests.DescribeStateMachine, request);
      const { arn, name, definition, roleArn } = authorizedMachine('DescribeStateMachine', stateMachineArn, caller);
      return { ...machineSummary({ arn, name }), status: 'ACTIVE', definition, roleArn };
    },
    ListStateMachines(request, caller) {
      const paging = parse(requests.ListStateMachines, request);
      caller.require('states:ListStateMachines', '*');
      const { items, nextToken } = page(executions.machines, ({ arn }) => arn, paging);
      return { stateMachines: items.map(machineSummary), nextToken };
    },
    SendTaskSuccess(request, caller) {
      const { taskToken, output } = parse(requests.SendTaskSuccess, request);
      requireJson(output, 'InvalidOutput');
      authorizedWaiter('SendTaskSuccess', taskToken, caller).succeed(output);
      return {};
    },
    SendTaskFailure(request, caller) {
      const { taskToken, error = '', cause = '' } = parse(requests.SendTaskFailure, request);
      authorizedWaiter('SendTaskFailure', taskToken, caller).fail(new TaskError(error, cause));
      return {};
    },
    SendTaskHeartbeat(request, caller) {
      const { taskToken } = parse(requests.SendTaskHeartbeat, request);
      authorizedWaiter('SendTaskHeartbeat', taskToken, caller).beat();
      return {};
    },
  };
}

const paging = { maxResults: z.number().int().min(0).max(1_000).optional(), nextToken: z.string().optional() };
const payload = z.string().refine(text => Buffer.byteLength(text) <= payloadLimit, {
  error: `Member must have length less than or equal to ${payloadLimit}`,
});

const requests = {
  StartExecution: z.object({
    stateMachineArn: z.string(),
    name: z.string().default(() => randomUUID()),
    input: payload.default('{}'),
  }),
  DescribeExecution: z.object({ executionArn: z.string() }),
  ListExecutions: z.object({
    stateMachineArn: z.string(),
    statusFilter: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']).optional(),
    ...paging,
  }),
  GetExecutionHistory: z.object({ executionArn: z.string(), reverseOrder: z.boolean().default(false), ...paging }),
  StopExecution: z.object({
    executionArn: z.string(),
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  DescribeStateMachine: z.object({ stateMachineArn: z.string() }),
  ListStateMachines: z.object(paging),
  SendTaskSuccess: z.object({ taskToken: z.string(), output: payload }),
  SendTaskFailure: z.object({
    taskToken: z.string(),
    error: z.string().max(256).optional(),
    cause: z.string().max(32_768).optional(),
  }),
  SendTaskHeartbeat: z.object({ taskToken: z.string() }),
};

function parse<Schema extends z.ZodType>(schema: Schema, request: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `Value at '${path.join('.')}': ${message}`);
  throw new ServiceError('ValidationException', problems.join('; '));
}

function requireArn(arn: string, type: 'stateMachine' | 'execution'): void {
  if (!new RegExp(`^arn:[^:]+:states:[^:]+:\\d{12}:${type}:.`).test(arn)) {
    throw new ServiceError('InvalidArn', `Invalid Arn: '${arn}' is no ${type} ARN`);
  }
}

function requireName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS refuses exactly these
  if (name.length < 1 || name.length > 80 || /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name)) {
    throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
  }
}

function requireJson(text: string, code: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ServiceError(code, `Invalid JSON: ${(error as Error).message}`);
  }
}

function summary({
  executionArn,
  stateMachineArn,
  name,
  status,
  startedAt,
  stoppedAt,
}: Omit<ExecutionRecord, 'input'>): object {
  const stopDate = stoppedAt === undefined ? undefined : stoppedAt / 1_000;
  return { executionArn, stateMachineArn, name, status, startDate: startedAt / 1_000, stopDate };
}

function machineSummary({ arn, name }: { arn: string; name: string }): object {
  return { stateMachineArn: arn, name, type: 'STANDARD', creationDate: 0 };
}
