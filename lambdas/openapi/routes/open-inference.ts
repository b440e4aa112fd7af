import * as z from 'zod';
import { predictLimits } from '../../../contracts/http.ts';
import type {
  InferenceResponse,
  ModelMetadata,
  ModelReady,
  ServerMetadata,
  TensorMetadata,
} from '../../../contracts/open-inference.ts';
import { outputNames } from '../../../lifecycle/inference/open-inference.ts';
import { datatypes } from '../../../lifecycle/inference/parse-tensors.ts';
import type { Route, Routes } from './route.ts';

const tensorMetadata = z
  .object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()).describe('−1: as many as there are rows') })
  .meta({ id: 'TensorMetadata' }) satisfies z.ZodType<TensorMetadata>;

const server = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()),
}) satisfies z.ZodType<ServerMetadata>;

const model = z
  .object({
    name: z.string(),
    versions: z.array(z.string()),
    platform: z.string(),
    inputs: z.array(tensorMetadata),
    outputs: z.array(tensorMetadata),
  })
  .meta({ id: 'ModelMetadata' }) satisfies z.ZodType<ModelMetadata>;

const modelReady = z.object({ name: z.string(), ready: z.boolean() }) satisfies z.ZodType<ModelReady>;

const id = z.union([z.string(), z.number()]);
const ids = z.union([id, z.array(id)]).optional();
const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const inferenceRequest = z
  .object({
    id: z.string().optional(),
    parameters: z
      .looseObject({
        unit: ids.describe('Whom the rows are about: one for all of them, or one each'),
        observation_id: ids.describe('Ids under which the outcomes will be known, one a row'),
      })
      .optional(),
    inputs: z
      .array(
        z.object({
          name: z.string().describe('A feature'),
          shape: z.array(z.int().max(predictLimits.instances)).min(1).max(2).describe('[N] or [N, 1]'),
          datatype: z.enum(datatypes),
          data: z.array(z.union([value, z.array(value)])).describe('Flat or nested; null where a value is missing'),
        }),
      )
      .min(1),
    outputs: z
      .array(z.object({ name: z.enum(outputNames) }))
      .optional()
      .describe('Those that are wanted; all where it is absent'),
  })
  .meta({ id: 'InferenceRequest' });

const inferenceResponse = z
  .object({
    model_name: z.string(),
    model_version: z.string().optional().describe('Absent when several versions answered'),
    id: z.string().optional(),
    outputs: z.array(tensorMetadata.extend({ data: z.array(z.union([z.string(), z.number(), z.boolean()])) })),
  })
  .meta({ id: 'InferenceResponse' }) satisfies z.ZodType<InferenceResponse>;

const refusal = z.object({ error: z.string() }).meta({ id: 'InferenceError' });
const unknown = { 404: 'There is no such model or version' } as const;
const notReady = { 400: 'Not ready' } as const;

const common = { group: 'open inference', refusal } as const;
const keyed = { ...common, scope: 'predict' } as const;
const describeModel: Route = { ...keyed, summary: 'What a model takes and answers', answer: model, refusals: unknown };
const ready: Route = {
  ...keyed,
  summary: 'Whether a model is there to answer',
  answer: modelReady,
  refusals: { ...notReady, ...unknown },
};
const infer: Route = {
  ...keyed,
  summary: 'Predictions as tensors, in the order of the rows',
  body: inferenceRequest,
  answer: inferenceResponse,
  refusals: { 400: 'The request does not fit', ...unknown, 413: 'The body is too large', 503: 'There is no model yet' },
};

/** The Open Inference Protocol, version 2. */
export const openInferenceRoutes: Routes = {
  'GET /v2': { ...keyed, summary: 'What the server is', answer: server },
  'GET /v2/health/live': { ...common, summary: 'Whether the server lives', answer: z.object({ live: z.boolean() }) },
  'GET /v2/health/ready': {
    ...common,
    summary: 'Whether every use case has a model that answers',
    answer: z.object({ ready: z.boolean() }),
    refusals: notReady,
  },
  'GET /v2/models/{useCase}': describeModel,
  'GET /v2/models/{useCase}/versions/{version}': describeModel,
  'GET /v2/models/{useCase}/ready': ready,
  'GET /v2/models/{useCase}/versions/{version}/ready': ready,
  'POST /v2/models/{useCase}/infer': infer,
  'POST /v2/models/{useCase}/versions/{version}/infer': infer,
};
