import * as z from 'zod';
import { type ObservationsResponse, observationLimits } from '../../../contracts/observations.ts';
import { observationSchema } from '../../../lifecycle/datasets/observation-schema.ts';
import { misfit, type Routes, unknown } from './route.ts';

const results = z.array(
  z.union([
    z.object({ result: z.enum(['accepted', 'duplicate']), observationId: z.string() }),
    z.object({ result: z.literal('rejected'), reason: z.string() }),
  ]),
);

/** Rows to learn from. */
export const observationRoutes: Routes = {
  'POST /use-cases/{useCase}/observations': {
    summary: 'Takes rows for the next batch, and says of each what became of it, in the order of the request',
    group: 'observations',
    scope: 'label',
    body: useCases =>
      z.object({
        observations: z
          .array(z.union(useCases.map(observationSchema)))
          .min(1)
          .max(observationLimits.observations),
      }),
    answer: z.object({ observations: results }) satisfies z.ZodType<ObservationsResponse>,
    refusals: { ...misfit, ...unknown, 413: 'The body has more than 5 MiB' },
  },
};
