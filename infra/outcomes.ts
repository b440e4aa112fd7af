import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { AppFunction } from './function.ts';
import { Workflow } from './workflow.ts';

export interface OutcomesProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: Endpoint;
}

/** Takes the true labels of earlier predictions and observations, and archives them with the predictions. */
export class Outcomes extends Construct {
  /** Archives the log. */
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { data, environment, endpoint }: OutcomesProps) {
    super(scope, id);
    const variables = {
      ...environment,
      [environmentNames.predictionsTable]: data.predictions.name,
      ...data.lake.environment,
    };
    endpoint.route(HttpMethod.POST, '/use-cases/{useCase}/outcomes', this.receive(data, variables));
    const { machine } = new Workflow(this, 'Workflow', {
      name: 'archive',
      tasks: { Archive: this.archive(data, variables) },
    });
    this.machine = machine;
  }

  private receive(data: DataStack, environment: Record<string, string>): AppFunction {
    const receive = new AppFunction(this, 'ReceiveOutcomes', {
      entry: 'outcomes/create',
      description: 'Keeps true labels, and says of each what became of it',
      environment,
    });
    data.predictions.grantLookUp(receive);
    data.predictions.grantAppend(receive);
    data.lake.grantSelect(receive);
    return receive;
  }

  private archive(data: DataStack, environment: Record<string, string>): AppFunction {
    const archive = new AppFunction(this, 'Archive', {
      entry: 'predictions/archive',
      description: 'Brings the hours of the log that are over into the tables of predictions and outcomes',
      memorySize: 1769,
      timeout: Duration.minutes(15),
      environment,
    });
    data.predictions.grantRead(archive);
    data.predictions.grantLookUp(archive);
    data.predictions.grantAppend(archive);
    data.registry.grantRead(archive);
    data.registry.grantWrite(archive);
    data.lake.grantQuery(archive);
    data.bucket.grantRead(archive, 'landing');
    data.bucket.grantWrite(archive, 'staging', 'landing', 'ingested', 'quarantine');
    data.bucket.grantDelete(archive, 'staging', 'landing');
    return archive;
  }
}
