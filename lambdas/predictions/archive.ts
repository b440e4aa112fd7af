import type { ArchiveInput } from '../../contracts/archive-tasks.ts';
import { environmentNames } from '../../contracts/environment.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { archive } from '../../lifecycle/predictions/archive.ts';
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
  predictions: connectTable(requiredVariable(environmentNames.predictionsTable)),
  clock: readClock(),
};

/** Archives the hours of the log that are over. */
export const handler = task(async (input: ArchiveInput) => archive(services, await loadDeployed(input.useCase), input));
