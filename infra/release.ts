import { Aws, Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import { acknowledgePrefixes } from './acknowledge.ts';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { AppFunction, type AppFunctionProps } from './function.ts';
import { stateMachinePrefix, Workflow } from './workflow.ts';

export interface ReleaseProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly bus: EventBus;
}

/** How traffic moves to a version: the gate before, the machine that carries a release out, and what people ask for. */
export class Release extends Construct {
  readonly machine: StateMachine;
  /** Tasks of the lifecycle, by their names in its definition. */
  readonly lifecycleTasks: Readonly<Record<'Gate' | 'StartRelease', AppFunction>>;
  /** Takes back what is new; invoked by an alarm. */
  readonly rollBackOnAlarm: AppFunction;
  readonly #props: ReleaseProps;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    this.#props = props;
    const { data, bus } = props;
    const gate = this.#examining('Gate', {
      handler: 'gate',
      description: 'Judges a version, before any traffic',
    });
    const start = this.#acting('StartRelease', { handler: 'start', description: 'Asks for the release of a version' });
    this.lifecycleTasks = { Gate: gate, StartRelease: start };
    this.rollBackOnAlarm = this.#acting('RollBackOnAlarm', {
      handler: 'rollBackOnAlarm',
      description: 'Takes back what is new when the endpoint raises an alarm',
    });
    const tasks = {
      Advance: this.#acting('Advance', { handler: 'advance', description: 'Does what is due in a release' }),
      GateRelease: this.#examining('GateRelease', {
        handler: 'gateRelease',
        description: 'Judges a version again, where the champion is another one since',
      }),
      Judge: this.#examining('Judge', { handler: 'judge', description: 'Judges the step of a release' }),
      RecordUnexamined: this.#writing('RecordUnexamined', {
        handler: 'recordUnexamined',
        description: 'Records that gate or judge failed',
      }),
      AwaitApproval: this.#writing('AwaitApproval', {
        handler: 'awaitApproval',
        description: 'Keeps the token under which an execution waits for a person',
      }),
    };
    data.predictions.grantRead(tasks.Judge);
    data.predictions.grantAppend(tasks.Judge);
    data.lake.grantSelect(tasks.Judge);
    bus.grantPutEventsTo(tasks.Judge);
    grantMachine(tasks.AwaitApproval, ['states:SendTaskSuccess']);
    this.machine = new Workflow(this, 'Workflow', { name: 'release', tasks }).machine;
  }

  /** Lets people read, start, approve and take back over HTTP. */
  answer(endpoint: Endpoint): void {
    const entry = 'release/requests';
    const read = this.#function('ReadReleases', {
      entry,
      handler: 'read',
      description: 'Lists releases, or reads one',
    });
    const readLedger = this.#function('ReadLedger', {
      entry,
      handler: 'readEntries',
      description: 'Tells what was routed where',
    });
    const act = (id: string, handler: string, description: string) => this.#acting(id, { entry, handler, description });
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/releases', read);
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/releases/{id}', read);
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/ledger', readLedger);
    endpoint.route(
      HttpMethod.POST,
      '/use-cases/{useCase}/releases',
      act('RequestRelease', 'start', 'Starts the release of a version'),
    );
    endpoint.route(
      HttpMethod.POST,
      '/use-cases/{useCase}/releases/{id}/approval',
      act('Approve', 'approve', 'Records what a person decided on a release'),
    );
    endpoint.route(
      HttpMethod.POST,
      '/use-cases/{useCase}/rollback',
      act('RollBack', 'rollBack', 'Lets an earlier version answer everybody'),
    );
  }

  /** A function that reads models and data. */
  #examining(id: string, props: FunctionProps): AppFunction {
    const examining = this.#writing(id, { memorySize: 1769, timeout: Duration.minutes(15), ...props });
    this.#props.data.bucket.grantRead(examining, 'datasets', 'models');
    return examining;
  }

  /** A function that moves traffic. */
  #acting(id: string, props: FunctionProps): AppFunction {
    const { data, bus } = this.#props;
    const acting = this.#writing(id, props);
    data.bucket.grantRead(acting, 'models');
    bus.grantPutEventsTo(acting);
    grantMachine(acting, ['states:StartExecution', 'states:SendTaskSuccess']);
    return acting;
  }

  #writing(id: string, props: FunctionProps): AppFunction {
    const writing = this.#function(id, props);
    this.#props.data.registry.grantWrite(writing);
    return writing;
  }

  #function(id: string, props: FunctionProps): AppFunction {
    const { data, environment, bus } = this.#props;
    const variables = {
      ...environment,
      ...data.lake.environment,
      [environmentNames.predictionsTable]: data.predictions.name,
      [environmentNames.stateMachinePrefix]: stateMachinePrefix,
      [environmentNames.eventBus]: bus.eventBusName,
    };
    const made = new AppFunction(this, id, { entry: 'release/release', ...props, environment: variables });
    data.registry.grantRead(made);
    return made;
  }
}

type FunctionProps = Omit<AppFunctionProps, 'entry' | 'environment'> & Partial<Pick<AppFunctionProps, 'entry'>>;

/** Grants by name, as the machine itself is made of functions that start it. */
function grantMachine(grantee: IGrantable, actions: string[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions, resources: [`${stateMachinePrefix}release`] }),
  );
  if (!actions.includes('states:StartExecution')) return;
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:Perennial-release:*`;
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['states:DescribeExecution'], resources: [executions] }),
  );
  acknowledgePrefixes(grantee, [executions]);
}
