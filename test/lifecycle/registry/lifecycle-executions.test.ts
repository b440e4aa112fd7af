import { randomUUID } from 'node:crypto';
import type { LifecycleRequest } from '../../../contracts/tasks.ts';
import { conclude } from '../../../lifecycle/registry/conclude.ts';
import {
  nameExecution,
  readLifecycleExecution,
  startLifecycle,
} from '../../../lifecycle/registry/lifecycle-executions.ts';
import { findRunningLifecycle } from '../../../lifecycle/registry/lifecycle-lease.ts';
import { manualRequest } from '../../../lifecycle/registry/lifecycle-request.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import type { ExecutionDetail, Workflows } from '../../../platform/workflows.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';

let embedded: EmbeddedServices;
let registry: Table;
beforeAll(async () => {
  embedded = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => embedded.stop());

/** Step Functions, a use case of its own, and a clock that is set. */
function createWorld() {
  const useCase = `churn-${randomUUID()}`;
  const executions = new Map<string, ExecutionDetail>();
  let now = Date.parse('2026-03-02T03:10:00.000Z');
  let isVisible = true;
  const workflows = {
    idOf: (machine: string, name: string) => `execution:${machine}:${name}`,
    async start(machine: string, input: object, name: string) {
      const executionId = workflows.idOf(machine, name);
      const times = { startedAt: new Date(now), stoppedAt: null };
      const nothing = { output: null, error: null, cause: null };
      executions.set(executionId, { executionId, name, status: 'RUNNING', input, ...times, ...nothing });
      return executionId;
    },
    describe: async (executionId: string) => (isVisible ? executions.get(executionId) : undefined),
  };
  return {
    useCase,
    executions,
    services: {
      registry,
      workflows: workflows as unknown as Workflows,
      clock: { now: () => new Date(now), real: (ms: number) => ms },
    },
    request: JSON.parse(JSON.stringify(manualRequest(useCase, { force: true }))) as LifecycleRequest,
    /** Ends an execution. */
    end(name: string, ended: Partial<ExecutionDetail>) {
      const executionId = workflows.idOf('lifecycle', name);
      executions.set(executionId, { ...executions.get(executionId)!, stoppedAt: new Date(now), ...ended });
    },
    /** Lets Step Functions show its executions, or not yet. */
    show(visible: boolean) {
      isVisible = visible;
    },
    pass(ms: number) {
      now += ms;
    },
  };
}

const failed = { status: 'FAILED', error: 'BatchRefusedError', cause: '{"errorMessage":"too many"}' } as const;

describe('starting', () => {
  test('gives the use case to the execution before it runs', async () => {
    const { services, request, useCase } = createWorld();
    expect(await startLifecycle(services, request, 'one')).toBe('RUNNING');
    expect(await findRunningLifecycle(services, useCase)).toBe('execution:lifecycle:one');
  });

  test('is done once for a name, and never for another request', async () => {
    const world = createWorld();
    await startLifecycle(world.services, world.request, 'one');
    expect(await startLifecycle(world.services, world.request, 'one')).toBe('RUNNING');
    expect(world.executions.size).toBe(1);
    const other = { ...world.request, force: false };
    await expect(startLifecycle(world.services, other, 'one')).rejects.toMatchObject({
      name: 'IdempotencyKeyReusedError',
    });
    world.end('one', failed);
    await startLifecycle(world.services, world.request, 'two');
    expect(await startLifecycle(world.services, world.request, 'one')).toBe('FAILED');
  });

  test('is refused while another execution runs, even one that is not to be seen yet', async () => {
    const { services, request, executions, show, pass } = createWorld();
    await startLifecycle(services, request, 'one');
    const busy = { name: 'LifecycleBusyError', holder: 'execution:lifecycle:one' };
    await expect(startLifecycle(services, request, 'two')).rejects.toMatchObject(busy);
    show(false);
    pass(59_000);
    await expect(startLifecycle(services, request, 'two')).rejects.toMatchObject(busy);
    expect(executions.size).toBe(1);
    pass(1_000);
    expect(await startLifecycle(services, request, 'two')).toBe('RUNNING');
  });

  test('lets one of two through that come at once', async () => {
    const { services, request, executions } = createWorld();
    const both = await Promise.allSettled(['one', 'two'].map(name => startLifecycle(services, request, name)));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(executions.size).toBe(1);
  });

  test('leaves the use case free when Step Functions does not take it', async () => {
    const { services, request, useCase } = createWorld();
    const down = { ...services.workflows, start: () => Promise.reject(new Error('throttled')) };
    await expect(startLifecycle({ ...services, workflows: down }, request, 'one')).rejects.toThrow('throttled');
    expect(await findRunningLifecycle(services, useCase)).toBeNull();
  });
});

describe('a name', () => {
  test('follows from the key of a caller and a use case, or is new', () => {
    const name = nameExecution('churn', 'caller', 'key');
    expect(name).toMatch(/^http-[0-9a-f]{32}$/);
    expect(nameExecution('churn', 'caller', 'key')).toBe(name);
    const others = [
      nameExecution('fraud', 'caller', 'key'),
      nameExecution('churn', 'another', 'key'),
      nameExecution('churn', 'caller', undefined),
      nameExecution('churn', 'caller', undefined),
    ];
    expect(new Set([name, ...others]).size).toBe(5);
  });
});

describe('an execution', () => {
  test('is told while it runs, and what it came to', async () => {
    const { services, request, useCase, end } = createWorld();
    await startLifecycle(services, request, 'one');
    const read = () => readLifecycleExecution(services.workflows, useCase, 'one');
    expect(await read()).toEqual({
      ...{ name: 'one', useCase, status: 'RUNNING', trigger: 'manual' },
      ...{ startedAt: '2026-03-02T03:10:00.000Z', stoppedAt: null, outcome: null, version: null, reason: null },
    });
    end('one', failed);
    expect(await read()).toMatchObject({ status: 'FAILED', outcome: 'failed', reason: 'BatchRefusedError: too many' });
    end('one', { status: 'TIMED_OUT', error: null, cause: null });
    expect(await read()).toMatchObject({ outcome: 'failed', reason: 'TIMED_OUT' });
    end('one', { status: 'SUCCEEDED', output: { proceed: false, reason: 'nothing is new' } });
    expect(await read()).toMatchObject({ outcome: 'nothing to do', version: null, reason: 'nothing is new' });
    end('one', { status: 'SUCCEEDED', output: { outcome: 'released', version: 3, reason: 'better' } });
    expect(await read()).toMatchObject({ outcome: 'released', version: 3, reason: 'better' });
  });

  test.each([['another'], ['a/b'], ['x'.repeat(81)], ['']])('named %p is not found', async name => {
    const { services, useCase } = createWorld();
    await expect(readLifecycleExecution(services.workflows, useCase, name)).rejects.toMatchObject({
      name: 'ExecutionNotFoundError',
    });
  });

  test('is not found under another use case', async () => {
    const { services, request } = createWorld();
    await startLifecycle(services, request, 'one');
    await expect(readLifecycleExecution(services.workflows, 'fraud', 'one')).rejects.toThrow('has no lifecycle');
  });
});

test('the hold of an execution that was started here ends with its conclusion', async () => {
  const { services, request, useCase } = createWorld();
  await startLifecycle(services, request, 'one');
  const executionId = 'execution:lifecycle:one';
  const startedAt = services.clock.now().toISOString();
  const failure = { Error: 'States.Timeout', Cause: '' };
  await conclude(services, { request, state: { failure }, executionId, startedAt });
  expect(await findRunningLifecycle(services, useCase)).toBeNull();
});

test('whoever names candidates wants them tried', () => {
  expect(manualRequest('churn', { candidates: 'quick' })).toMatchObject({ trigger: 'manual', force: true });
  expect(manualRequest('churn', { candidates: 'quick', force: false })).toMatchObject({ force: false });
  expect(manualRequest('churn', {})).toEqual({ useCase: 'churn', trigger: 'manual' });
});
