import * as z from 'zod';
import type {
  CurrentVersion,
  FeatureDescription,
  HealthResponse,
  MetricEstimate,
  UseCaseResponse,
  UseCaseSummary,
  UseCasesResponse,
} from '../../../contracts/http.ts';
import { features } from './predictions.ts';
import { instant, type Routes, unknown } from './route.ts';

const useCaseSummary = z
  .object({
    id: z.string(),
    title: z.string(),
    entity: z.object({ name: z.string(), column: z.string() }),
    version: z.int().nullable().describe('Version that answers by default; null before the first release'),
  })
  .meta({ id: 'UseCaseSummary' }) satisfies z.ZodType<UseCaseSummary>;

const feature = z.object({
  type: z.enum(['number', 'integer', 'category', 'boolean']),
  meaning: z.string(),
  levels: z.array(z.string()).optional(),
  range: z.tuple([z.number(), z.number()]).optional().describe('Inclusive bounds'),
}) satisfies z.ZodType<FeatureDescription>;

/** A metric with its interval. */
export const estimate = z
  .object({ value: z.number(), low: z.number(), high: z.number(), baseRate: z.number().nullable().optional() })
  .meta({
    id: 'Estimate',
    description: 'A metric with its 95 % interval, and what knowing nothing but the share of positives reaches',
  }) satisfies z.ZodType<MetricEstimate>;

const estimates = z.record(z.string(), estimate).nullable();

const currentVersion = z.object({
  version: z.int(),
  threshold: z.number(),
  createdAt: instant,
  metrics: z.object({ outOfFold: estimates, holdout: estimates }),
}) satisfies z.ZodType<CurrentVersion>;

const useCase = useCaseSummary
  .extend({
    features: z.record(z.string(), feature),
    label: z.object({
      column: z.string(),
      meaning: z.string(),
      positive: z.string(),
      negative: z.string(),
      delayDays: z.number(),
    }),
    excluded: z.record(z.string(), z.string()).describe('Columns that are not accepted, with the reason'),
    example: features.describe('A made-up instance that the endpoint accepts'),
    current: currentVersion.nullable(),
  })
  .meta({ id: 'UseCase' }) satisfies z.ZodType<UseCaseResponse>;

const health = z.object({
  status: z.enum(['ok', 'waiting', 'degraded']),
  build: z.string(),
  models: z.array(
    z.object({ useCase: z.string(), released: z.boolean(), ready: z.boolean(), version: z.int().nullable() }),
  ),
}) satisfies z.ZodType<HealthResponse>;

/** What the mature observations look like; the parts are as long as there are features. */
const profile = z
  .union([
    z.object({ status: z.literal('insufficient data'), reason: z.string() }),
    z.looseObject({
      status: z.literal('profiled'),
      useCase: z.string(),
      snapshotId: z.string(),
      createdAt: instant,
      matureUntil: instant,
      rows: z.int(),
      positives: z.int(),
      features: z.array(z.looseObject({ name: z.string(), missing: z.int() })),
      associations: z.array(z.looseObject({})),
      suspects: z.array(z.looseObject({})),
    }),
  ])
  .meta({ id: 'Profile' });

/** What is predicted, and what it is predicted from. */
export const useCaseRoutes: Routes = {
  'GET /use-cases': {
    summary: 'All use cases in short',
    group: 'use cases',
    scope: 'view',
    answer: z.object({ useCases: z.array(useCaseSummary) }) satisfies z.ZodType<UseCasesResponse>,
  },
  'GET /use-cases/{useCase}': {
    summary: 'What a use case predicts, what it takes, and how good the version is that answers',
    group: 'use cases',
    scope: 'view',
    answer: useCase,
    refusals: unknown,
  },
  'GET /use-cases/{useCase}/profile': {
    summary: 'What its mature observations look like, feature by feature',
    group: 'use cases',
    scope: 'view',
    answer: profile,
    refusals: unknown,
  },
};

/** The deployment itself. */
export const healthRoutes: Routes = {
  'GET /health': {
    summary: 'Which code is deployed, and which models are there to answer',
    group: 'health',
    answer: health,
  },
  'GET /openapi.json': {
    summary: 'This document',
    group: 'health',
    answer: z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) }),
  },
};
