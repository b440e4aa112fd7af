import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { environmentNames } from '../../contracts/environment.ts';
import { defineTables } from '../../lifecycle/datasets/define-tables.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';

const services = {
  athena: connectDeployedAthena(),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
};

/** Custom resource that stands for the tables. Its id never changes and its deletion does nothing, so that no stack operation takes a table away. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  const body = { ...(await define(event)), PhysicalResourceId: 'tables', StackId, RequestId, LogicalResourceId };
  const response = await fetch(ResponseURL, {
    method: 'PUT',
    body: JSON.stringify(body),
    headers: { 'content-type': '' },
  });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status} to the response about ${RequestId}`);
}

async function define({ RequestType, ResourceProperties }: CloudFormationCustomResourceEvent) {
  try {
    if (RequestType !== 'Delete') await defineTables(services, JSON.parse(ResourceProperties.tables));
    return { Status: 'SUCCESS' };
  } catch (error) {
    // CloudFormation takes 4 KB in all.
    return { Status: 'FAILED', Reason: (error as Error).message.slice(0, 2_000) };
  }
}
