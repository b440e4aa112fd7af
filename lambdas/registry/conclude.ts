import { environmentNames } from '../../contracts/environment.ts';
import type { ConcludeInput, ConcludeOutput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { conclude } from '../../lifecycle/registry/conclude.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { task } from '../task.ts';

const registry = connectTable(requiredVariable(environmentNames.registryTable));
const clock = readClock();

/** Records how an execution ended. */
export const handler = task<ConcludeInput, ConcludeOutput>(input => conclude({ registry, clock }, input));
