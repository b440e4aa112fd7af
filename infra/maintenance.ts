import { Duration } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import { AppFunction } from './function.ts';
import { Workflow } from './workflow.ts';

export interface MaintenanceProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
}

/** Keeps the Iceberg tables small: compaction and expiry of old snapshots. */
export class Maintenance extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { data, environment }: MaintenanceProps) {
    super(scope, id);
    const maintain = new AppFunction(this, 'Maintain', {
      entry: 'datasets/maintain',
      description: 'Runs OPTIMIZE and VACUUM on the tables of a use case',
      timeout: Duration.minutes(15),
      environment: {
        ...environment,
        ...data.lake.environment,
      },
    });
    data.lake.grantQuery(maintain);
    data.registry.grantRead(maintain);
    data.registry.grantWrite(maintain);
    const { machine } = new Workflow(this, 'Workflow', {
      name: 'maintain',
      tasks: { Maintain: maintain },
    });
    this.machine = machine;
  }
}
