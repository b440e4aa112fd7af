import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { environmentNames } from '../../contracts/environment.ts';
import { defineTables } from '../../lifecycle/datasets/define-tables.ts';
import { connectAthena } from '../../platform/athena.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';

const services = {
  athena: connectAthena({
    workgroup: requiredVariable(environmentNames.workgroup),
    database: requiredVariable(environmentNames.database),
  }),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
};

/** Custom resource that stands for the tables. Its id never changes and its deletion does nothing, so that no stack operation takes a table away. */
export async function handler(event: CloudFormationCustomResourceEvent): Promise<void> {
  try {
    if (event.RequestType !== 'Delete') await defineTables(services, JSON.parse(event.ResourceProperties.tables));
    await answer(event, 'SUCCESS', 'The tables are as defined');
  } catch (error) {
    await answer(event, 'FAILED', (error as Error).message);
  }
}

async function answer(event: CloudFormationCustomResourceEvent, Status: 'SUCCESS' | 'FAILED', reason: string) {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
  // CloudFormation takes 4 KB at most.
  const Reason = reason.slice(0, 2_000);
  const body = JSON.stringify({ Status, Reason, PhysicalResourceId: 'tables', StackId, RequestId, LogicalResourceId });
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status} to the custom resource's response`);
}
