import * as z from 'zod';
import type { LedgerEntry, Routing } from '../../../lifecycle/release/ledger.ts';
import { approvalRequest, releaseRequest, rollBackRequest } from '../../../lifecycle/release/parse-request.ts';
import { releaseStrategies } from '../../../use-cases/release-policy.ts';
import { instant, misfit, pageOf, pageQuery, type Routes, unknown } from './route.ts';

const shadow = z.object({ version: z.int(), modelSha256: z.string(), threshold: z.number() });

const routing = z
  .object({
    salt: z.string().describe('Seed of the hash that assigns units to variants'),
    variants: z
      .array(shadow.extend({ name: z.string(), share: z.number().describe('Part of the units, in [0, 1]') }))
      .describe('The first one is the champion'),
    shadow: shadow.nullable().describe('Scores the logged requests and answers nobody'),
    aliases: z.record(z.string(), z.int()).describe('Names that people gave to versions'),
  })
  .meta({ id: 'Routing' }) satisfies z.ZodType<Routing>;

/** A decision about routing. */
export const ledgerEntry = z
  .object({
    entry: z.int(),
    at: instant,
    by: z.string().describe('ARN of an execution, id of an access key, or a person'),
    decision: z.enum(['passed', 'rejected', 'started', 'shifted', 'promoted', 'rolled back', 'declined', 'aliased']),
    version: z.int(),
    release: z.int().nullable(),
    running: z.int().nullable().describe('Release that may move traffic from here on'),
    reason: z.string(),
    routing: routing.nullable().describe('The whole routing from here on'),
    evidence: z.record(z.string(), z.unknown()).describe('The figures the decision stands on'),
  })
  .meta({ id: 'LedgerEntry' }) satisfies z.ZodType<LedgerEntry>;

const release = z
  .looseObject({
    useCase: z.string(),
    release: z.int(),
    version: z.int(),
    strategy: z.enum(releaseStrategies),
    requestedAt: instant,
    requestedBy: z.string(),
    status: z.enum(['waiting', 'running', 'promoted', 'rolled back', 'declined', 'superseded']),
    startedAt: instant.nullable(),
    champion: z.int().nullable().describe('The version that answered when it started'),
    approval: z
      .looseObject({
        wantedAt: instant,
        deadline: instant,
        state: z.enum(['wanted', 'approved', 'rejected', 'expired']),
      })
      .nullable(),
    steps: z.array(z.union([z.literal('shadow'), z.number()])),
    step: z.int().describe('Which of the steps runs, from 0; −1 before the first'),
    since: instant.nullable().describe('When that step began'),
    verdicts: z.array(z.looseObject({ verdict: z.string(), reason: z.string(), at: instant })),
    endedAt: instant.nullable(),
    reason: z.string().nullable().describe('How it ended'),
  })
  .meta({ id: 'Release', description: 'Moving traffic to a version, and how far it is' });

const conflict = { 409: 'The state of the release or the version does not allow it' } as const;
const refusals = { ...misfit, ...unknown, ...conflict };

/** What answers, and how that changes. */
export const releaseRoutes: Routes = {
  'GET /use-cases/{useCase}/releases': {
    summary: 'Releases, newest first',
    group: 'releases',
    scope: 'view',
    query: pageQuery,
    answer: pageOf('releases', release),
    refusals: { ...misfit, ...unknown },
  },
  'GET /use-cases/{useCase}/releases/{id}': {
    summary: 'One release',
    group: 'releases',
    scope: 'view',
    answer: release,
    refusals: { ...misfit, ...unknown },
  },
  'GET /use-cases/{useCase}/ledger': {
    summary: 'Every routing decision, newest first, or the one that held at an instant',
    group: 'releases',
    scope: 'view',
    query: { ...pageQuery, at: instant.optional() },
    answer: pageOf('entries', ledgerEntry),
    refusals: { ...misfit, ...unknown },
  },
  'POST /use-cases/{useCase}/releases': {
    summary: 'Starts the release of a version',
    group: 'releases',
    scope: 'operate',
    body: releaseRequest,
    answer: release,
    refusals,
  },
  'POST /use-cases/{useCase}/releases/{id}/approval': {
    summary: 'What a person decided on a release that waits for it',
    group: 'releases',
    scope: 'operate',
    body: approvalRequest,
    answer: release,
    refusals,
  },
  'POST /use-cases/{useCase}/rollback': {
    summary: 'Lets an earlier version answer everybody, at once',
    group: 'releases',
    scope: 'operate',
    body: rollBackRequest,
    answer: ledgerEntry,
    refusals,
  },
};
