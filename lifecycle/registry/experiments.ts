import type { TrialSize } from '../../contracts/tasks.ts';
import type { Candidate } from '../../ml/model.ts';
import { absent, ConditionFailedError, type Key, type Table } from '../../platform/table.ts';
import type { InsertProgress } from '../datasets/insert-exactly-once.ts';
import { type Arrival, recordArrival, walkArrivals } from './arrivals.ts';
import { partition, withoutKey } from './keys.ts';
import type { RunTags } from './runs.ts';

/** A trial of an experiment, as it was planned. */
export interface ExperimentTrial {
  readonly runId: string;
  readonly parameters: Candidate;
  readonly size: TrialSize;
  /** Seconds that it was expected to take. */
  readonly expectedSeconds: number;
}

/** How a trial compared with the others. */
export interface TrialVerdict {
  readonly runId: string;
  readonly status: 'finished' | 'failed';
  /** Mean of the metric over the folds; null of a failed trial. */
  readonly mean: number | null;
  readonly beatsBaseRate: boolean;
  /** By how much the best trial's mean is better, and the standard error of that difference over the folds; null unless both were compared. */
  readonly shortfall: number | null;
  readonly standardError: number | null;
}

/** Which trial was selected, and why. */
export interface Selection {
  /** Null when no trial beats the base rate. */
  readonly runId: string | null;
  readonly reason: string;
  readonly verdicts: readonly TrialVerdict[];
  /** ISO instant. */
  readonly at: string;
  /** ARN of the execution that selected. */
  readonly by: string;
}

/** How far the INSERT of an experiment's runs is. */
export interface AppendProgress extends InsertProgress {
  /** Whether the rows were counted in the table. */
  readonly isDone: boolean;
}

/** All trials of one retrain. The same content, code and candidates are the same experiment. */
export interface Experiment {
  readonly experimentId: string;
  readonly useCase: string;
  readonly manifestKey: string;
  readonly tags: RunTags;
  readonly metric: string;
  readonly folds: number;
  readonly seed: number;
  readonly trials: readonly ExperimentTrial[];
  /** ISO instant. */
  readonly createdAt: string;
  /** ARN of the execution that planned it. */
  readonly createdBy: string;
  /** Null until the trials have ended. */
  readonly selection: Selection | null;
  readonly append: AppendProgress;
}

/** Thrown when no experiment has the id. */
export class ExperimentNotFoundError extends Error {
  override readonly name = 'ExperimentNotFoundError';

  constructor(useCase: string, experimentId: string) {
    super(`Use case "${useCase}" has no experiment ${experimentId}`);
  }
}

type ExperimentItem = Experiment & Key;

/** Puts an experiment, unless it is there, and returns the one on record. */
export async function claimExperiment(registry: Table, experiment: Experiment): Promise<Experiment> {
  const key = experimentKey(experiment.useCase, experiment.experimentId);
  await recordArrival(registry, experiment.useCase, 'experiment', arrivalOf(experiment));
  try {
    await registry.put({ ...key, ...experiment }, absent);
    return experiment;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return readExperiment(registry, experiment.useCase, experiment.experimentId);
  }
}

/** @throws {ExperimentNotFoundError} */
export async function readExperiment(registry: Table, useCase: string, experimentId: string): Promise<Experiment> {
  const experiment = await findExperiment(registry, useCase, experimentId);
  if (!experiment) throw new ExperimentNotFoundError(useCase, experimentId);
  return experiment;
}

/** Reads an experiment, or undefined when none has the id. */
export async function findExperiment(
  registry: Table,
  useCase: string,
  experimentId: string,
): Promise<Experiment | undefined> {
  const item = await registry.get<ExperimentItem>(experimentKey(useCase, experimentId));
  return item && withoutKey(item);
}

/** Goes back through the experiments of a use case, newest first. @param before one beyond which it begins */
export async function* walkExperiments(
  registry: Table,
  useCase: string,
  before?: Experiment,
): AsyncGenerator<Experiment> {
  for await (const { at, id } of walkArrivals(registry, useCase, 'experiment', before && arrivalOf(before))) {
    const experiment = await findExperiment(registry, useCase, id);
    // Planned once more at another time, it was found to be there.
    if (experiment?.createdAt === at) yield experiment;
  }
}

/** Reads all experiments of a use case, newest first. */
export async function listExperiments(registry: Table, useCase: string): Promise<Experiment[]> {
  const items = await registry.query<ExperimentItem>(partition(useCase, 'experiment'));
  return items.map(withoutKey).sort((left, right) => (left.createdAt < right.createdAt ? 1 : -1));
}

/** Puts a selection, unless there is one, and returns the one on record: the first decides. */
export async function claimSelection(
  registry: Table,
  { useCase, experimentId }: Pick<Experiment, 'useCase' | 'experimentId'>,
  selection: Selection,
): Promise<Selection> {
  const key = experimentKey(useCase, experimentId);
  const change = { expression: 'SET #selection = :selection', names: { selection: 'selection' } };
  try {
    await registry.update(key, { ...change, values: { selection, none: null } }, '#selection = :none');
    return selection;
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
    return (await readExperiment(registry, useCase, experimentId)).selection!;
  }
}

/** Puts how far the INSERT of the runs is. @throws {ConditionFailedError} when a later attempt is on record */
export async function putAppendProgress(
  registry: Table,
  { useCase, experimentId }: Pick<Experiment, 'useCase' | 'experimentId'>,
  append: AppendProgress,
): Promise<AppendProgress> {
  await registry.update(
    experimentKey(useCase, experimentId),
    {
      expression: 'SET #append = :append',
      names: { append: 'append', attempt: 'attempt' },
      values: { append, attempt: append.attempt },
    },
    '#append.#attempt <= :attempt',
  );
  return append;
}

function arrivalOf({ createdAt, experimentId }: Experiment): Arrival {
  return { at: createdAt, id: experimentId };
}

function experimentKey(useCase: string, experimentId: string): Key {
  return { pk: partition(useCase, 'experiment'), sk: experimentId };
}
