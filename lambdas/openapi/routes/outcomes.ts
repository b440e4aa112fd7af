import * as z from 'zod';
import { type OutcomeMessage, type OutcomesResponse, outcomeLimits } from '../../../contracts/outcomes.ts';
import { instant, misfit, type Routes, unknown } from './route.ts';

const outcome = z
  .object({
    predictionId: z.string().optional(),
    observationId: z.string().optional(),
    label: z.union([z.string(), z.boolean(), z.number()]).describe('The use case’s word for it, a boolean, or 0 or 1'),
    observedAt: instant.describe('ISO 8601 instant at which it became true'),
  })
  .meta({
    id: 'Outcome',
    description: 'The true label of a prediction or an observation: one of the two',
  }) satisfies z.ZodType<OutcomeMessage>;

const results = z.array(
  z.union([
    z.object({ result: z.enum(['accepted', 'duplicate', 'unknown target']), outcomeId: z.string() }),
    z.object({ result: z.literal('rejected'), reason: z.string() }),
  ]),
);

/** True labels, once they are known. */
export const outcomeRoutes: Routes = {
  'POST /use-cases/{useCase}/outcomes': {
    summary: 'Keeps true labels, and says of each what became of it, in the order of the request',
    group: 'outcomes',
    scope: 'label',
    body: z.object({ outcomes: z.array(outcome).min(1).max(outcomeLimits.outcomes) }),
    answer: z.object({ outcomes: results }) satisfies z.ZodType<OutcomesResponse>,
    refusals: { ...misfit, ...unknown, 413: 'The body has more than 5 MiB' },
  },
};
