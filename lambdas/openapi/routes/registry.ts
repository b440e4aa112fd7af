import * as z from 'zod';
import type { FrozenDataset } from '../../../lifecycle/datasets/frozen-dataset.ts';
import type { Signature } from '../../../lifecycle/registry/model-card.ts';
import type { VersionNotes } from '../../../lifecycle/registry/version-notes.ts';
import { ledgerEntry } from './releases.ts';
import { instant, misfit, pageOf, pageQuery, type Routes, unknown } from './route.ts';
import { estimate } from './use-cases.ts';

const sequence = z.object({ from: z.int(), to: z.int() });
const parameters = z
  .looseObject({ algorithm: z.string() })
  .meta({ id: 'Parameters', description: 'An algorithm with all its parameters' });

const tags = z
  .object({
    iceberg_snapshot_id: z.string(),
    iceberg_parent_id: z.string().nullable(),
    iceberg_committed_at: instant,
    row_count: z.int(),
    ingest_seq: sequence,
    label_seq: sequence,
    dataset_id: z.string(),
    content_hash: z.string(),
    code_version: z.string().nullable().describe('Null of an imported model'),
  })
  .meta({ id: 'Tags', description: 'Where the rows came from' });

const evaluation = z
  .object({
    rows: z.int(),
    positives: z.int(),
    metrics: z.record(z.string(), estimate).nullable().describe('Null where the rows are all of one label'),
    aboveBaseRate: z
      .object({ improvement: z.number(), lowerEnd: z.number() })
      .nullable()
      .describe('By how much log loss is better than that of the share of positives'),
  })
  .meta({ id: 'Evaluation' });

const notes = z
  .object({
    version: z.int(),
    description: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
    metadata: z.record(z.string(), z.unknown()),
    revision: z.int(),
    changedAt: instant.nullable(),
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'VersionNotes', description: 'What people say about a version' }) satisfies z.ZodType<VersionNotes>;

const version = z
  .object({
    useCase: z.string(),
    version: z.int(),
    status: z.enum(['candidate', 'approved', 'rejected', 'champion', 'retired']),
    aliases: z.array(z.string()),
    runId: z.string().nullable().describe('Null of an imported model'),
    parameters: parameters.nullable(),
    seed: z.int(),
    manifestKey: z.string(),
    tags,
    threshold: z.number(),
    metrics: z.object({ outOfFold: evaluation.nullable(), holdout: evaluation }),
    modelSha256: z.string(),
    modelBytes: z.int(),
    createdAt: instant,
    createdBy: z.string(),
    notes,
  })
  .meta({ id: 'Version' });

const signature = z
  .object({
    features: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['number', 'category']),
        type: z.enum(['number', 'integer', 'category', 'boolean']),
        meaning: z.string(),
        levels: z.array(z.string()).optional(),
        range: z.tuple([z.number(), z.number()]).optional().describe('Inclusive bounds of the rows that trained'),
      }),
    ),
    label: z.object({ column: z.string(), meaning: z.string(), positive: z.string(), negative: z.string() }),
  })
  .meta({ id: 'Signature' }) satisfies z.ZodType<Signature>;

const run = z
  .looseObject({
    runId: z.string(),
    useCase: z.string(),
    experimentId: z.string(),
    status: z.enum(['finished', 'failed']),
    parameters,
    seed: z.int(),
    manifestKey: z.string(),
    tags,
    startedAt: instant,
    seconds: z.number(),
    createdBy: z.string(),
    error: z.object({ name: z.string(), cause: z.string() }).optional().describe('What a failed one failed of'),
  })
  .meta({ id: 'Run', description: 'A trial; a finished one has its figures, too' });

const experiment = z
  .looseObject({
    experimentId: z.string(),
    useCase: z.string(),
    manifestKey: z.string(),
    metric: z.string(),
    folds: z.int(),
    seed: z.int(),
    trials: z.array(z.looseObject({ runId: z.string(), parameters })),
    createdAt: instant,
    createdBy: z.string(),
    selection: z.looseObject({ runId: z.string().nullable(), reason: z.string() }).nullable(),
  })
  .meta({ id: 'Experiment', description: 'All trials of one retrain' });

const dataset = z
  .object({
    datasetId: z.string(),
    contentHash: z.string(),
    manifestKey: z.string(),
    snapshotId: z.string(),
    rows: z.int(),
    positives: z.int(),
    createdAt: instant,
  })
  .meta({ id: 'Dataset' }) satisfies z.ZodType<FrozenDataset>;

const versionDetail = version.extend({ signature, decisions: z.array(ledgerEntry) }).meta({ id: 'VersionDetail' });

const card = z
  .object({
    useCase: z.looseObject({ id: z.string(), title: z.string() }),
    version: versionDetail,
    data: z.looseObject({ rows: z.int(), positives: z.int() }).describe('The rows behind the figures'),
    groups: z
      .array(z.looseObject({ feature: z.string(), level: z.string(), rows: z.int() }))
      .describe('On the holdout, by level of each feature that the gates name'),
    economics: z.looseObject({ currency: z.string(), threshold: z.number() }).describe('What deciding by it earns'),
    limits: z.array(z.string()).describe('What not to expect of it'),
  })
  .meta({ id: 'Card', description: 'All that there is to know about a version before relying on it' });

function list(name: string, summary: string, item: z.ZodType) {
  const refusals = { ...misfit, ...unknown };
  return { summary, group: 'registry', scope: 'view', query: pageQuery, answer: pageOf(name, item), refusals } as const;
}

/** What is on record of models and of how they came about. */
export const registryRoutes: Routes = {
  'GET /use-cases/{useCase}/versions': list('versions', 'Versions, newest first', version),
  'GET /use-cases/{useCase}/versions/{version}': {
    summary: 'One version by its number or name, with its signature and what was decided on it',
    group: 'registry',
    scope: 'view',
    answer: versionDetail,
    refusals: unknown,
  },
  'GET /use-cases/{useCase}/versions/{version}/card': {
    summary: 'The model card of a version: data, quality, groups, decisions, limits',
    group: 'registry',
    scope: 'view',
    headers: { Accept: '`text/markdown` for people' },
    answer: card,
    alsoAs: ['text/markdown'],
    refusals: unknown,
  },
  'GET /use-cases/{useCase}/runs': list('runs', 'Tracked trials, newest first', run),
  'GET /use-cases/{useCase}/runs/{id}': {
    summary: 'One trial',
    group: 'registry',
    scope: 'view',
    answer: run,
    refusals: unknown,
  },
  'GET /use-cases/{useCase}/experiments': list('experiments', 'Experiments, newest first', experiment),
  'GET /use-cases/{useCase}/experiments/{id}': {
    summary: 'One experiment',
    group: 'registry',
    scope: 'view',
    answer: experiment,
    refusals: unknown,
  },
  'GET /use-cases/{useCase}/datasets': list('datasets', 'Frozen datasets, newest first', dataset),
};
