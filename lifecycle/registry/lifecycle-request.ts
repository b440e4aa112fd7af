import * as z from 'zod';
import type { CandidatePreset, LifecycleExecutionRequest, LifecycleRequest } from '../../contracts/tasks.ts';
import { releaseStrategies } from '../../use-cases/release-policy.ts';
import { presets } from '../training/presets.ts';

const count = z.int().positive();

/** Body of `POST …/lifecycle-executions`. */
export const lifecycleExecutionRequest = z.strictObject({
  window: z
    .discriminatedUnion('mode', [
      z.strictObject({ mode: z.literal('all') }),
      z.strictObject({ mode: z.literal('last'), days: count }),
      z.strictObject({ mode: z.literal('incremental') }),
    ])
    .optional()
    .describe('Which mature rows train'),
  newBatch: z.union([z.boolean(), count]).optional().describe('Synthetic rows to make first, in a demo'),
  force: z.boolean().optional().describe('Train even when there is no new evidence'),
  candidates: z
    .enum(Object.keys(presets) as CandidatePreset[])
    .optional()
    .describe('Train, and try these instead of the candidates of the use case'),
  strategy: z.enum(releaseStrategies).optional().describe('How traffic moves to the version'),
}) satisfies z.ZodType<LifecycleExecutionRequest>;

/** What a person asks the machine for. Whoever names candidates wants them tried on the rows that there are. */
export function manualRequest(useCase: string, { force, ...asked }: LifecycleExecutionRequest): LifecycleRequest {
  return { useCase, trigger: 'manual', ...asked, force: force ?? (asked.candidates && true) };
}
