import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { AppFunction } from './function.ts';
import { grantStartExecution, stateMachinePrefix, Workflow } from './workflow.ts';

export interface MonitoringProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly bus: EventBus;
  readonly endpoint: Endpoint;
}

/** Looks at every window of predictions and outcomes, and starts a lifecycle where the rules of the use case want one. */
export class Monitoring extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { data, environment, bus, endpoint }: MonitoringProps) {
    super(scope, id);
    const variables = {
      ...environment,
      ...data.lake.environment,
      [environmentNames.stateMachinePrefix]: stateMachinePrefix,
      [environmentNames.eventBus]: bus.eventBusName,
    };
    const step = (name: string, handler: string, description: string) => {
      const made = new AppFunction(this, name, {
        ...{ entry: 'monitoring/monitor', handler, description, environment: variables },
        ...{ memorySize: 1769, timeout: Duration.minutes(15) },
      });
      data.lake.grantSelect(made);
      data.registry.grantRead(made);
      data.registry.grantWrite(made);
      return made;
    };
    const makeReport = step('MakeReport', 'makeReport', 'Reports on an archived window');
    data.bucket.grantRead(makeReport, 'models', 'reports');
    data.bucket.grantWrite(makeReport, 'reports');
    const decide = step('Decide', 'decide', 'Decides what is done about a report, and does it');
    data.bucket.grantRead(decide, 'datasets');
    bus.grantPutEventsTo(decide);
    grantStartExecution(decide, 'lifecycle');
    this.machine = new Workflow(this, 'Workflow', {
      name: 'monitor',
      tasks: { MakeReport: makeReport, Decide: decide },
    }).machine;
    this.#answer(data, environment, endpoint);
  }

  #answer(data: DataStack, environment: Readonly<Record<string, string>>, endpoint: Endpoint): void {
    const read = new AppFunction(this, 'ReadReports', {
      ...{ entry: 'monitoring/read', description: 'Lists reports, or reads one', environment },
    });
    data.registry.grantRead(read);
    data.bucket.grantRead(read, 'reports');
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/reports', read);
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/reports/{id}', read);
  }
}
