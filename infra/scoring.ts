import { Duration } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import type { DataStack } from './data-stack.ts';
import { AppFunction, type AppFunctionProps } from './function.ts';
import { grantDescribeExecution, grantDistributedMap, stateMachinePrefix, Workflow } from './workflow.ts';

export interface ScoringProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
}

/** Batch scoring: many rows at once, divided among many functions. */
export class Scoring extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { data, environment }: ScoringProps) {
    super(scope, id);
    const variables = {
      ...environment,
      ...data.lake.environment,
      [environmentNames.stateMachinePrefix]: stateMachinePrefix,
    };
    const step = (name: string, props: Omit<AppFunctionProps, 'entry' | 'environment'>) => {
      const timeout = Duration.minutes(15);
      const step = new AppFunction(this, name, {
        ...{ memorySize: 1769, timeout, ...props },
        ...{ entry: 'scoring/score-batch', environment: variables },
      });
      data.registry.grantRead(step);
      data.registry.grantWrite(step);
      data.bucket.grantRead(step, 'staging');
      data.bucket.grantWrite(step, 'staging');
      data.bucket.grantDelete(step, 'staging');
      return step;
    };
    const tasks = {
      Plan: step('PlanScoring', { handler: 'plan', description: 'Says which batch is scored next, and divides it' }),
      Score: step('ScorePart', { handler: 'score', description: 'Scores one part of a batch' }),
      Append: step('AppendScores', {
        handler: 'append',
        description: 'Brings the scores of a batch into the table, exactly once',
      }),
    };
    data.lake.grantQuery(tasks.Plan);
    grantDescribeExecution(tasks.Plan, 'score-batch');
    data.bucket.grantRead(tasks.Score, 'models', 'scoring');
    data.lake.grantQuery(tasks.Append);
    data.bucket.grantWrite(tasks.Append, 'lineage');
    this.machine = new Workflow(this, 'Workflow', {
      name: 'score-batch',
      tasks,
      values: { Bucket: data.bucket.name },
    }).machine;
    data.bucket.grantRead(this.machine, 'staging');
    grantDistributedMap(this.machine, 'score-batch', 'ScoreParts');
  }
}
