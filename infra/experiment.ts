import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import { AppFunction, type AppFunctionProps } from './function.ts';

export interface ExperimentProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  /** Of the function for trials that the standard one cannot hold, in MB. */
  readonly largeMemory: number;
}

/** The functions that try a use case's candidates. All are one program, whose hash is the code version of every run. */
export class Experiment extends Construct {
  /** By their names in the definition. */
  readonly tasks: Readonly<Record<string, AppFunction>>;

  constructor(scope: Construct, id: string, { data, environment, largeMemory }: ExperimentProps) {
    super(scope, id);
    const variables = {
      ...environment,
      ...data.lake.environment,
    };
    const step = (name: string, props: Omit<AppFunctionProps, 'entry' | 'environment'>) => {
      const step = new AppFunction(this, name, { ...props, entry: 'training/experiment', environment: variables });
      data.registry.grantRead(step);
      data.registry.grantWrite(step);
      return step;
    };
    const long = { memorySize: 1769, timeout: Duration.minutes(15) };
    const trial = { ...long, handler: 'trainTrial', description: 'Evaluates one candidate on one dataset' };
    const tasks = {
      PlanTrials: step('PlanTrials', { handler: 'planTrials', description: 'Plans a trial for each candidate' }),
      TrainTrial: step('TrainTrial', trial),
      TrainLargeTrial: step('TrainLargeTrial', { ...trial, memorySize: largeMemory }),
      RecordFailure: step('RecordFailure', { handler: 'recordFailure', description: 'Records that a trial failed' }),
      SelectBest: step('SelectBest', { handler: 'selectBest', description: 'Selects the trial whose model is made' }),
      AppendRuns: step('AppendRuns', {
        handler: 'appendRuns',
        description: 'Appends the trials to the table of all trials, exactly once',
        timeout: Duration.minutes(5),
      }),
      Refit: step('Refit', {
        ...long,
        handler: 'refit',
        description: 'Fits, checks and stores the model of the selected trial',
      }),
    };
    data.bucket.grantRead(tasks.PlanTrials, 'datasets', 'code');
    data.bucket.grantWrite(tasks.PlanTrials, 'code');
    for (const task of [tasks.TrainTrial, tasks.TrainLargeTrial]) {
      data.bucket.grantRead(task, 'datasets');
      data.bucket.grantWrite(task, 'runs', 'lineage');
    }
    data.bucket.grantWrite(tasks.RecordFailure, 'lineage');
    data.lake.grantQuery(tasks.AppendRuns);
    data.bucket.grantRead(tasks.Refit, 'datasets', 'runs', 'models');
    data.bucket.grantWrite(tasks.Refit, 'models', 'lineage');
    this.tasks = tasks;
  }
}
