import { type Clock, readClock } from '../../lifecycle/clock.ts';
import { connectObjects, type Objects } from '../../platform/objects.ts';
import { readStackOutputs } from '../../platform/stacks.ts';
import { connectTable, type Table } from '../../platform/table.ts';
import { connectWorkflows, type Workflows } from '../../platform/workflows.ts';
import type { Cloud } from '../cloud.ts';

/** The deployed app as its operator reaches it. */
export interface DeploymentClients {
  readonly registry: Table;
  readonly objects: Objects;
  readonly workflows: Workflows;
  readonly clock: Clock;
  readonly useCases: readonly string[];
}

/** Points the AWS SDK of this process at the embedded cloud, and finds the app in it by its stack's outputs. */
export async function connectDeployment({ awsUrl, administrator }: Cloud): Promise<DeploymentClients> {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: awsUrl,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: administrator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: administrator.secretAccessKey,
  });
  const outputs = await readStackOutputs('Perennial');
  return {
    registry: connectTable(outputs.RegistryTable!),
    objects: connectObjects(outputs.Bucket!),
    workflows: connectWorkflows(outputs.StateMachinePrefix!),
    clock: readClock(),
    useCases: outputs.UseCases!.split(','),
  };
}
