import { hash } from 'node:crypto';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Objects } from '../../platform/objects.ts';
import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import { partition, sequenceKey, withoutKey } from '../registry/keys.ts';
import { type MonitorReport, type ReportSummary, summarizeReport } from './report.ts';

/** Where reports are: a summary in the registry, the whole in the bucket. */
export interface ReportStores {
  readonly registry: Table;
  readonly objects: Objects;
}

/** Thrown when a window has no report. */
export class ReportNotFoundError extends Error {
  override readonly name = 'ReportNotFoundError';

  constructor(useCase: string, reportId: string) {
    super(`Use case "${useCase}" has no report "${reportId}"`);
  }
}

type SummaryItem = ReportSummary & Key;

/** Stores a report, unless its revision is there, and returns the one on record: of two that were made at once, the first counts. */
export async function claimReport({ registry, objects }: ReportStores, report: MonitorReport): Promise<ReportSummary> {
  const { useCase, reportId, revision } = report;
  const body = JSON.stringify(report);
  // The content is part of the name: who comes second overwrites nothing.
  const key = `${bucketPrefixes.reports}${useCase}/${reportId}/${revision}-${hash('sha256', body, 'hex')}.json`;
  await objects.write(key, body, 'application/json');
  const summary = summarizeReport(report, key);
  try {
    await registry.put({ ...summaryKey(report), ...summary }, absent);
    return summary;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return withoutKey((await registry.get<SummaryItem>(summaryKey(report)))!);
  }
}

/** Reads the newest revision's summary of a window, or undefined when it has none. */
export async function findReport(
  registry: Table,
  useCase: string,
  reportId: string,
): Promise<ReportSummary | undefined> {
  const [newest] = await registry.query<SummaryItem>(partition(useCase, 'report'), {
    ...{ prefix: `${reportId}#`, descending: true, limit: 1 },
  });
  return newest && withoutKey(newest);
}

/**
 * Reads a whole report.
 *
 * @param name of a window, `2026-11-21T00`, or of one of its revisions, `2026-11-21T00.2`
 * @throws {ReportNotFoundError}
 */
export async function readReport(
  { registry, objects }: ReportStores,
  useCase: string,
  name: string,
): Promise<MonitorReport> {
  const [reportId, revision] = name.split('.') as [string, string?];
  const summary = revision
    ? await registry.get<SummaryItem>(summaryKey({ useCase, reportId, revision: Number(revision) }))
    : await findReport(registry, useCase, reportId);
  if (!summary) throw new ReportNotFoundError(useCase, name);
  return objects.readJson<MonitorReport>(summary.key);
}

/** Reads the summaries of all reports and their revisions, newest first. */
export async function listReports(registry: Table, useCase: string, limit?: number): Promise<ReportSummary[]> {
  const items = await registry.query<SummaryItem>(partition(useCase, 'report'), { descending: true, limit });
  return items.map(withoutKey);
}

function summaryKey({ useCase, reportId, revision }: Pick<MonitorReport, 'useCase' | 'reportId' | 'revision'>): Key {
  return { pk: partition(useCase, 'report'), sk: `${reportId}#${sequenceKey(revision)}` };
}
