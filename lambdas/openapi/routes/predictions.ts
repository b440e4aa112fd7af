import * as z from 'zod';
import {
  type FailedVariant,
  type LoggedPrediction,
  type Prediction,
  type PredictResponse,
  predictLimits,
} from '../../../contracts/http.ts';
import { instanceSchema } from '../../../lifecycle/inference/instance-schema.ts';
import { instant, misfit, type Routes, unknown } from './route.ts';

/** An answer to one instance. */
export const prediction = z
  .object({
    predictionId: z.string().describe('UUIDv7'),
    probability: z.number().min(0).max(1).describe('Of the positive label'),
    decision: z.boolean().describe('Whether the probability is at or above the threshold'),
    threshold: z.number(),
    version: z.int(),
    variant: z.string().describe('`champion`, `challenger` …, or `pinned` where the caller named the version'),
    imputed: z.array(z.string()).describe('Features that were missing'),
    unseen: z.array(z.string()).describe('Category features whose level the training rows did not have'),
  })
  .meta({ id: 'Prediction' }) satisfies z.ZodType<Prediction>;

const failedVariant = z.object({
  variant: z.string(),
  version: z.int(),
  reason: z.enum(['error', 'unusable score']),
}) satisfies z.ZodType<FailedVariant>;

/** Feature values by name. */
export const features = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const loggedPrediction = prediction
  .extend({
    useCase: z.string(),
    at: instant,
    entry: z.int().describe('Ledger entry by which it was routed; 0 where the caller named the version'),
    failed: failedVariant.nullable().describe('In whose place the champion answered'),
    scoringMs: z.number().nullable().describe('Null where other rows were scored in the same run'),
    features,
    entityId: z.string().nullable(),
    observationId: z.string().nullable(),
  })
  .meta({ id: 'LoggedPrediction' }) satisfies z.ZodType<LoggedPrediction>;

/** Predictions, and their log. */
export const predictionRoutes: Routes = {
  'POST /use-cases/{useCase}/predictions': {
    summary: 'A probability and a decision for each instance',
    group: 'predictions',
    scope: 'predict',
    body: useCases =>
      z.strictObject({
        instances: z
          .array(z.union(useCases.map(instanceSchema)))
          .min(1)
          .max(predictLimits.instances),
      }),
    answer: z.object({ predictions: z.array(prediction) }) satisfies z.ZodType<PredictResponse>,
    refusals: {
      ...misfit,
      ...unknown,
      413: 'The body has more than 5 MiB',
      503: 'There is no model, or it cannot be loaded now; `Retry-After` says when to come again',
    },
  },
  'GET /use-cases/{useCase}/predictions/{id}': {
    summary: 'One logged prediction',
    group: 'predictions',
    scope: 'view',
    answer: loggedPrediction,
    refusals: unknown,
  },
};
