import { environmentNames } from '../../contracts/environment.ts';
import type { AppendScoresInput, PlanScoringInput, ScorePartInput } from '../../contracts/scoring-tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { createModelCache } from '../../lifecycle/inference/model-cache.ts';
import { appendScores } from '../../lifecycle/scoring/append-scores.ts';
import { planScoring } from '../../lifecycle/scoring/plan-scoring.ts';
import { scorePart } from '../../lifecycle/scoring/score-part.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { connectWorkflows } from '../../platform/workflows.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { task } from '../task.ts';

const objects = connectObjects(requiredVariable(environmentNames.bucket));
const services = {
  athena: connectDeployedAthena(),
  objects,
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  workflows: connectWorkflows(requiredVariable(environmentNames.stateMachinePrefix)),
  models: createModelCache(objects),
  clock: readClock(),
};

/** Says which batch is scored next, and divides it. */
export const plan = task(async (input: PlanScoringInput) =>
  planScoring(services, await loadDeployed(input.request.useCase), input),
);

/** Scores one part of a batch. */
export const score = task(async (input: ScorePartInput) =>
  scorePart(services, await loadDeployed(input.useCase), input),
);

/** Brings the scores of a batch into the table. */
export const append = task(async (input: AppendScoresInput) =>
  appendScores(services, await loadDeployed(input.useCase), input),
);
