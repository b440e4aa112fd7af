import * as z from 'zod';
import type { LifecycleExecution, StartedLifecycleExecution } from '../../../contracts/tasks.ts';
import { lifecycleExecutionRequest } from '../../../lifecycle/registry/lifecycle-request.ts';
import { instant, misfit, type Routes, unknown } from './route.ts';

const started = z.object({
  name: z.string(),
  useCase: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE']),
}) satisfies z.ZodType<StartedLifecycleExecution>;

const execution = started
  .extend({
    trigger: z.enum(['schedule', 'manual', 'start', 'monitor']),
    startedAt: instant,
    stoppedAt: instant.nullable(),
    outcome: z
      .enum([
        ...(['released', 'releasing', 'rejected', 'unchanged'] as const),
        ...(['insufficient data', 'failed', 'nothing to do'] as const),
      ])
      .nullable()
      .describe('Null while it runs'),
    version: z.int().nullable().describe('The version that it decided on'),
    reason: z.string().nullable(),
  })
  .meta({
    id: 'LifecycleExecution',
    description: 'One run of ingest, training, gate and start of the release',
  }) satisfies z.ZodType<LifecycleExecution>;

/** Running the lifecycle on demand. */
export const lifecycleRoutes: Routes = {
  'POST /use-cases/{useCase}/lifecycle-executions': {
    summary: 'Starts the lifecycle: ingest what landed, retrain, and start the release of the model if it is no worse',
    group: 'lifecycle',
    scope: 'operate',
    headers: { 'Idempotency-Key': 'Requests of one access key with the same one start one execution' },
    body: lifecycleExecutionRequest,
    answer: started,
    status: 202,
    refusals: {
      ...misfit,
      ...unknown,
      409: 'Another execution of the use case is running',
      422: 'The idempotency key belongs to a request that asked for something else',
    },
  },
  'GET /use-cases/{useCase}/lifecycle-executions/{name}': {
    summary: 'How far an execution is, or what it came to',
    group: 'lifecycle',
    scope: 'view',
    answer: execution,
    refusals: unknown,
  },
};
