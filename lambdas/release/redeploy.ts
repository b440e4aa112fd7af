import { environmentNames } from '../../contracts/environment.ts';
import type { RedeployInput, RedeployOutput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { redeploy } from '../../lifecycle/release/redeploy.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { task } from '../task.ts';

const objects = connectObjects(requiredVariable(environmentNames.bucket));
const registry = connectTable(requiredVariable(environmentNames.registryTable));
const useCases = requiredVariable(environmentNames.useCases).split(',');
const clock = readClock();

/** Judges a version against the champion and moves the traffic. */
export const handler = task<RedeployInput, RedeployOutput>(async input =>
  redeploy({ objects, registry, clock }, await loadUseCase(input.useCase, useCases), input),
);
