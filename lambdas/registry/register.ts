import { environmentNames } from '../../contracts/environment.ts';
import type { RegisterInput, RegisterOutput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { register } from '../../lifecycle/registry/register.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectEvents } from '../../platform/events.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { task } from '../task.ts';

const objects = connectObjects(requiredVariable(environmentNames.bucket));
const registry = connectTable(requiredVariable(environmentNames.registryTable));
const events = connectEvents(requiredVariable(environmentNames.eventBus));
const clock = readClock();

/** Gives a run its version number. */
export const handler = task<RegisterInput, RegisterOutput>(input =>
  register({ registry, objects, events, clock }, input),
);
