import { environmentNames } from '../contracts/environment.ts';
import { readClock } from '../lifecycle/clock.ts';
import { requiredVariable } from '../platform/environment.ts';
import { connectEvents } from '../platform/events.ts';
import { connectObjects } from '../platform/objects.ts';
import { connectTable } from '../platform/table.ts';
import { connectWorkflows } from '../platform/workflows.ts';

/** What moving traffic needs, connected once. */
export const releaseServices = {
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  workflows: connectWorkflows(requiredVariable(environmentNames.stateMachinePrefix)),
  events: connectEvents(requiredVariable(environmentNames.eventBus)),
  clock: readClock(),
};
