import { environmentNames } from '../../contracts/environment.ts';
import type { DecideInput, MakeReportInput } from '../../contracts/monitor-tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { actOnReport } from '../../lifecycle/monitoring/act-on-report.ts';
import { makeReport as report } from '../../lifecycle/monitoring/make-report.ts';
import { publishReport } from '../../lifecycle/monitoring/publish-report.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectEvents } from '../../platform/events.ts';
import { connectMetrics } from '../../platform/metrics.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { connectWorkflows } from '../../platform/workflows.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { task } from '../task.ts';

const services = {
  athena: connectDeployedAthena(),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  workflows: connectWorkflows(requiredVariable(environmentNames.stateMachinePrefix)),
  events: connectEvents(requiredVariable(environmentNames.eventBus)),
  metrics: connectMetrics('Perennial'),
  clock: readClock(),
};

/** Reports on an archived window, and publishes its figures where it is new. */
export const makeReport = task(async (input: MakeReportInput) => {
  const made = await report(services, await loadDeployed(input.request.useCase), input);
  if (made.status === 'made') await publishReport(services, input.request.useCase, made);
  return made;
});

/** Decides what is done about a report, and does it. */
export const decide = task(async (input: DecideInput) =>
  actOnReport(services, await loadDeployed(input.useCase), input),
);
