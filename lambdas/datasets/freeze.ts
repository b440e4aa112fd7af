import { environmentNames } from '../../contracts/environment.ts';
import type { FreezeInput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { freeze } from '../../lifecycle/datasets/freeze.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { task } from '../task.ts';

const services = {
  athena: connectDeployedAthena(),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  clock: readClock(),
};

/** Freezes the dataset that a use case trains on. */
export const handler = task(async (input: FreezeInput) =>
  freeze(services, await loadDeployed(input.request.useCase), input),
);
