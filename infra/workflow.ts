import { readFileSync } from 'node:fs';
import { Aws, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledgePrefixes } from './acknowledge.ts';

/** ARN of every state machine of this app, up to the machine's own name. */
export const stateMachinePrefix = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:stateMachine:Perennial-`;

export interface WorkflowProps {
  /** Name of the file `state-machines/<name>.asl.json`. */
  readonly name: string;
  /** The functions behind the definition's `${…}`, by that name; `${Partition}` is the one of the ARNs, `aws` mostly. */
  readonly tasks: Readonly<Record<string, IFunction>>;
  /** What else stands behind a `${…}` of the definition. */
  readonly values?: Readonly<Record<string, string>>;
}

/** A state machine out of `state-machines/`, whose role may invoke its own tasks and nothing else. */
export class Workflow extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { name, tasks, values = {} }: WorkflowProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const functions = Object.values(tasks);
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions.map(task => task.functionArn) }),
    );
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: `Perennial-${name}`,
      role,
      definitionBody: DefinitionBody.fromString(readDefinition(name)),
      definitionSubstitutions: {
        ...Object.fromEntries(Object.entries(tasks).map(([task, { functionArn }]) => [task, functionArn])),
        Partition: Aws.PARTITION,
        ...values,
      },
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/Perennial-${name}`,
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Log delivery and X-Ray have no resource-level permissions.',
    });
  }
}

/** Lets start executions of a machine, and ask what became of them. By name, as the machine may be made of the functions that start it. */
export function grantStartExecution(grantee: IGrantable, machine: string): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: ['states:StartExecution'], resources: [`${stateMachinePrefix}${machine}`] }),
  );
  grantDescribeExecution(grantee, machine);
}

/** Lets ask whether an execution of a machine still runs. */
export function grantDescribeExecution(grantee: IGrantable, machine: string): void {
  grantOnExecutions(grantee, ['states:DescribeExecution'], machine);
}

/**
 * Lets a machine's distributed Map run: its items are executions of the machine itself, that it starts, watches, stops, and starts again where a person redrives
 * the run. By their names, as a reference from the machine's role to the machine would go in a circle.
 *
 * @param label the Map's, which is a part of its executions' names
 */
export function grantDistributedMap(machine: StateMachine, name: string, label: string): void {
  grantStartExecution(machine, name);
  grantOnExecutions(machine, ['states:StopExecution'], name);
  grantOnExecutions(machine, ['states:RedriveExecution'], `${name}/${label}`);
}

/** @param machine its name, and after a slash a Map's label */
function grantOnExecutions(grantee: IGrantable, actions: string[], machine: string): void {
  const executions = `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:execution:Perennial-${machine}:*`;
  grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [executions] }));
  acknowledgePrefixes(grantee, [executions]);
}

function readDefinition(name: string): string {
  return readFileSync(new URL(`../state-machines/${name}.asl.json`, import.meta.url), 'utf8');
}
