import { environmentNames } from '../../contracts/environment.ts';
import type { TrainInput, TrainOutput } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { train } from '../../lifecycle/training/train.ts';
import { readTrainerCode } from '../../lifecycle/training/trainer-code.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { task } from '../task.ts';

const objects = connectObjects(requiredVariable(environmentNames.bucket));
const registry = connectTable(requiredVariable(environmentNames.registryTable));
const useCases = requiredVariable(environmentNames.useCases).split(',');
const clock = readClock();
// Bundled, this file is the whole trainer.
const code = readTrainerCode(import.meta.url);

/** Fits, checks and stores a model of a dataset. */
export const handler = task<TrainInput, TrainOutput>(async input =>
  train({ objects, registry, clock, code }, await loadUseCase(input.useCase, useCases), input),
);
