import { environmentNames } from '../../contracts/environment.ts';
import type { MaintainInput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { maintain } from '../../lifecycle/datasets/maintain.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { task } from '../task.ts';

const services = {
  athena: connectDeployedAthena(),
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  clock: readClock(),
};

/** Compacts a use case's tables and expires their old snapshots. */
export const handler = task(async (input: MaintainInput) =>
  maintain(services, await loadDeployed(input.useCase), input),
);
