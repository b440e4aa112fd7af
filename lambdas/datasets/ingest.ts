import { environmentNames } from '../../contracts/environment.ts';
import type { IngestInput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { ingest } from '../../lifecycle/datasets/ingest.ts';
import { requiredVariable } from '../../platform/environment.ts';
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
  clock: readClock(),
  demo: process.env[environmentNames.demo] === 'true',
};

/** Ingests what waits for a use case. */
export const handler = task(async (input: IngestInput) =>
  ingest(services, await loadDeployed(input.request.useCase), input),
);
