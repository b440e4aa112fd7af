import { ServiceError } from '../service.ts';
import type { DeployedStack, Deployment } from '../template/deployment.ts';
import type { HttpService } from './http-service.ts';
import { queryService } from './query-protocol.ts';
import { xml } from './xml.ts';

/**
 * CloudFormation, as far as it is asked about stacks that stand.
 *
 * @param startedAt when the stacks came to be, for want of a better date
 */
export function cloudFormation(deployment: Deployment, startedAt: Date): HttpService {
  const created = xml('CreationTime', startedAt.toISOString());

  function find(name: string): DeployedStack {
    const found = deployment.stacks.find(stack => stack.name === name || stack.id === name);
    if (found) return found;
    throw new ServiceError('ValidationError', `Stack with id ${name} does not exist`);
  }

  return queryService('http://cloudformation.amazonaws.com/doc/2010-05-15/', {
    DescribeStacks(parameters, caller) {
      const name = parameters.get('StackName');
      const stacks = name === null ? deployment.stacks : [find(name)];
      caller.require('cloudformation:DescribeStacks', name === null ? '*' : stacks[0]!.id);
      return [
        xml(
          'Stacks',
          stacks.map(stack => xml('member', [...summary(stack), created, outputs(stack)])),
        ),
      ];
    },
    ListStacks(_, caller) {
      caller.require('cloudformation:ListStacks', '*');
      return [
        xml(
          'StackSummaries',
          deployment.stacks.map(stack => xml('member', [...summary(stack), created])),
        ),
      ];
    },
  });
}

function summary({ id, name }: DeployedStack): string[] {
  return [xml('StackId', id), xml('StackName', name), xml('StackStatus', 'CREATE_COMPLETE')];
}

function outputs(stack: DeployedStack): string {
  const members = stack
    .outputs()
    .map(({ name, value, description, exportName }) =>
      xml('member', [
        xml('OutputKey', name),
        xml('OutputValue', value),
        description !== undefined && xml('Description', description),
        exportName !== undefined && xml('ExportName', exportName),
      ]),
    );
  return xml('Outputs', members);
}
