import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { listDecisions } from './decisions.ts';
import { listReports } from './reports.ts';
import { type MonitorWindow, windowsAfter } from './window.ts';

/** Windows that are made up for at most: a month of days. Of a longer outage, the newest. */
const mostPending = 31;

/**
 * Finds the windows that are to be reported on, oldest first: all after the newest one whose report was made and its decision carried out. Before the first
 * report that is the newest alone.
 *
 * @param newest the newest whole window
 */
export async function findPendingWindows(
  registry: Table,
  useCase: UseCase,
  newest: MonitorWindow,
): Promise<MonitorWindow[]> {
  const reports = await listReports(registry, useCase.id, mostPending);
  const decisions = await listDecisions(registry, useCase.id, mostPending);
  const settled = reports.find(({ reportId, revision }) =>
    decisions.some(({ done, ...decision }) => done && decision.reportId === reportId && decision.revision === revision),
  );
  const since = settled?.window.to ?? reports.at(-1)?.window.from;
  return since === undefined ? [newest] : windowsAfter(useCase, since, newest, mostPending);
}
