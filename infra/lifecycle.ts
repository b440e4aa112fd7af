import { Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { Experiment } from './experiment.ts';
import { AppFunction } from './function.ts';
import type { Release } from './release.ts';
import { grantDescribeExecution, grantStartExecution, stateMachinePrefix, Workflow } from './workflow.ts';

export interface LifecycleProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly bus: EventBus;
  readonly release: Release;
  readonly demo: boolean;
  /** Of the function for trials that the standard one cannot hold, in MB. */
  readonly largeMemory: number;
}

/** The loop: ingest → freeze → experiment → register → gate → start of the release. */
export class Lifecycle extends Construct {
  readonly machine: StateMachine;
  readonly #props: LifecycleProps;

  constructor(scope: Construct, id: string, props: LifecycleProps) {
    super(scope, id);
    this.#props = props;
    const { data, environment, bus, release, demo, largeMemory } = props;
    const { machine } = new Workflow(this, 'Workflow', {
      name: 'lifecycle',
      tasks: {
        Ingest: this.ingest(data, { ...environment, ...data.lake.environment, [environmentNames.demo]: String(demo) }),
        Freeze: this.freeze(data, { ...environment, ...data.lake.environment }),
        ...new Experiment(this, 'Experiment', { data, environment, largeMemory }).tasks,
        Register: this.register(data, { ...environment, [environmentNames.eventBus]: bus.eventBusName }, bus),
        ...release.lifecycleTasks,
        Conclude: this.conclude(data, environment),
      },
    });
    this.machine = machine;
  }

  /** Takes rows for the next batch over HTTP, and lets people start the loop. */
  answer(endpoint: Endpoint): void {
    endpoint.route(HttpMethod.POST, '/use-cases/{useCase}/observations', this.receive(this.#props));
    const executions = this.executions(this.#props);
    const path = '/use-cases/{useCase}/lifecycle-executions';
    endpoint.route(HttpMethod.POST, path, executions);
    endpoint.route(HttpMethod.GET, `${path}/{name}`, executions);
  }

  private receive({ data, environment }: LifecycleProps): AppFunction {
    const receive = new AppFunction(this, 'ReceiveObservations', {
      entry: 'observations/create',
      description: 'Lands rows for the next batch, and says of each what became of it',
      environment,
    });
    data.bucket.grantWrite(receive, 'landing');
    return receive;
  }

  private executions({ data, environment }: LifecycleProps): AppFunction {
    const executions = new AppFunction(this, 'Executions', {
      entry: 'lifecycle/executions',
      description: 'Starts the lifecycle of a use case, or tells what became of an execution',
      environment: { ...environment, [environmentNames.stateMachinePrefix]: stateMachinePrefix },
    });
    data.registry.grantRead(executions);
    data.registry.grantWrite(executions);
    grantStartExecution(executions, 'lifecycle');
    return executions;
  }

  private ingest(data: DataStack, environment: Record<string, string>): AppFunction {
    const ingest = new AppFunction(this, 'Ingest', {
      entry: 'datasets/ingest',
      description: 'Brings the files of the landing prefix into the observations table, exactly once',
      memorySize: 1769,
      timeout: Duration.minutes(15),
      environment: { ...environment, [environmentNames.stateMachinePrefix]: stateMachinePrefix },
    });
    data.lake.grantQuery(ingest);
    data.bucket.grantRead(ingest, 'landing', 'staging');
    data.bucket.grantWrite(ingest, 'landing', 'staging', 'ingested', 'quarantine', 'lineage');
    data.bucket.grantDelete(ingest, 'landing', 'staging');
    data.registry.grantRead(ingest);
    data.registry.grantWrite(ingest);
    grantDescribeExecution(ingest, 'lifecycle');
    return ingest;
  }

  private freeze(data: DataStack, environment: Record<string, string>): AppFunction {
    const freeze = new AppFunction(this, 'Freeze', {
      entry: 'datasets/freeze',
      description: 'Exports the mature observations of a snapshot as a dataset',
      memorySize: 1769,
      timeout: Duration.minutes(15),
      environment,
    });
    data.lake.grantQuery(freeze);
    data.bucket.grantRead(freeze, 'datasets');
    data.bucket.grantWrite(freeze, 'datasets', 'lineage');
    data.registry.grantRead(freeze);
    data.registry.grantWrite(freeze);
    return freeze;
  }

  private register(data: DataStack, environment: Record<string, string>, bus: EventBus): AppFunction {
    const register = new AppFunction(this, 'Register', {
      entry: 'registry/register',
      description: 'Gives a run its version number',
      environment,
    });
    data.registry.grantRead(register);
    data.registry.grantWrite(register);
    data.bucket.grantWrite(register, 'lineage');
    bus.grantPutEventsTo(register);
    return register;
  }

  private conclude(data: DataStack, environment: Record<string, string>): AppFunction {
    const conclude = new AppFunction(this, 'Conclude', {
      entry: 'registry/conclude',
      description: 'Records how an execution ended',
      environment,
    });
    data.registry.grantRead(conclude);
    data.registry.grantWrite(conclude);
    return conclude;
  }
}
