import * as z from 'zod';
import { instant, misfit, pageOf, pageQuery, type Routes, unknown } from './route.ts';

const span = z.object({ from: instant, to: instant }).describe('Half-open: without its end');

const named = {
  useCase: z.string(),
  reportId: z.string().describe('End of the window, `2026-11-21T00`'),
  revision: z.int().describe('1, and one more each time that the window was looked at again'),
  madeAt: instant,
  by: z.string(),
  window: span,
  champion: z.int().nullable().describe('Version that answered by default when the window ended'),
  predictions: z.int(),
};

const summary = z
  .object({
    ...named,
    drift: z.enum(['drift', 'no drift', 'insufficient data']),
    drifted: z.array(z.string()),
    worse: z.array(z.string()).describe('Variants whose outcomes are worse, or follow other rules'),
    labelCoverage: z.number().nullable(),
    rocAuc: z.number().nullable(),
    estimatedRocAuc: z.number().nullable().describe('Of the scores alone'),
  })
  .meta({ id: 'ReportSummary' });

const decision = z
  .looseObject({
    reportId: z.string(),
    revision: z.int(),
    at: instant,
    by: z.string(),
    action: z.enum(['retrain', 'alert', 'none']),
    reasons: z.array(z.string()),
  })
  .meta({ id: 'MonitorDecision', description: 'What was done about a report, and why' });

const report = z
  .looseObject({
    ...named,
    matureWindow: span,
    recent: z.array(z.looseObject({ version: z.int(), variant: z.string() })).describe('Drift, by variant'),
    mature: z
      .array(z.looseObject({ version: z.int(), variant: z.string() }))
      .describe('Quality on outcomes, by variant'),
    decision: decision.nullable(),
  })
  .meta({ id: 'Report' });

/** What monitoring found. */
export const monitoringRoutes: Routes = {
  'GET /use-cases/{useCase}/reports': {
    summary: 'Monitoring reports, newest first',
    group: 'monitoring',
    scope: 'view',
    query: pageQuery,
    answer: pageOf('reports', summary),
    refusals: { ...misfit, ...unknown },
  },
  'GET /use-cases/{useCase}/reports/{id}': {
    summary: 'One report, by its window or one of its revisions (`2026-11-21T00.2`), and what was decided on it',
    group: 'monitoring',
    scope: 'view',
    answer: report,
    refusals: unknown,
  },
};
