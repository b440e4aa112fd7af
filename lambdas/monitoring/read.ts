import { environmentNames } from '../../contracts/environment.ts';
import { findDecision } from '../../lifecycle/monitoring/decisions.ts';
import { listReports, readReport } from '../../lifecycle/monitoring/reports.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { byRoute, http } from '../http.ts';
import { readPage, takePage } from '../page.ts';

const registry = connectTable(requiredVariable(environmentNames.registryTable));
const objects = connectObjects(requiredVariable(environmentNames.bucket));

/** Monitoring reports, newest first; or one of them with what was decided on it. */
export const handler = byRoute({
  'GET /use-cases/{useCase}/reports': http({ scope: 'view' }, async ({ parameters, query }) => {
    const useCase = await loadDeployed(parameters.useCase);
    const page = readPage(query);
    const nameOf = ({ reportId, revision }: { reportId: string; revision: number }) => `${reportId}.${revision}`;
    const { items, next } = takePage(await listReports(registry, useCase.id), nameOf, page);
    return { reports: items.map(({ key, ...summary }) => summary), next };
  }),
  'GET /use-cases/{useCase}/reports/{id}': http({ scope: 'view' }, async ({ parameters }) => {
    const useCase = await loadDeployed(parameters.useCase);
    const report = await readReport({ registry, objects }, useCase.id, parameters.id ?? '');
    return { ...report, decision: (await findDecision(registry, report)) ?? null };
  }),
});
