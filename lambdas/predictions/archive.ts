import type { ArchiveInput } from '../../contracts/archive-tasks.ts';
import { environmentNames } from '../../contracts/environment.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { archive } from '../../lifecycle/predictions/archive.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { task } from '../task.ts';

const services = {
  athena: connectDeployedAthena(),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  predictions: connectTable(requiredVariable(environmentNames.predictionsTable)),
  clock: readClock(),
};
const useCases = requiredVariable(environmentNames.useCases).split(',');

/** Archives the hours of the log that are over. */
export const handler = task(async (input: ArchiveInput) =>
  archive(services, await loadUseCase(input.useCase, useCases), input),
);
