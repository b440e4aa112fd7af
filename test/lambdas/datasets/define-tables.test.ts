import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { environmentNames } from '../../../contracts/environment.ts';
import { connectAthena } from '../../../platform/athena.ts';
import { observationsTable, stagingTable } from '../../../use-cases/table-schemas.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { minimalUseCase } from '../../lifecycle/datasets/minimal-use-case.ts';

let embedded: EmbeddedServices;
let handler: (event: CloudFormationCustomResourceEvent) => Promise<void>;
let cloudFormation: Server;
const answers: Record<string, string>[] = [];

beforeAll(async () => {
  embedded = await startEmbeddedServices();
  process.env[environmentNames.bucket] = embedded.bucket;
  process.env[environmentNames.database] = embedded.database;
  process.env[environmentNames.workgroup] = embedded.workgroup;
  ({ handler } = await import('../../../lambdas/datasets/define-tables.ts'));
  cloudFormation = createServer(async (request, response) => {
    if (request.method === 'PUT') answers.push((await json(request)) as Record<string, string>);
    response.end();
  });
  await new Promise<void>(resolve => cloudFormation.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  cloudFormation.close();
  cloudFormation.closeAllConnections();
  await embedded.stop();
});
beforeEach(() => {
  answers.length = 0;
});

const tables = JSON.stringify({
  iceberg: [observationsTable(minimalUseCase)],
  staging: [stagingTable(minimalUseCase)],
});
const echoed = { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Tables', PhysicalResourceId: 'tables' };

test('creation makes the tables, and deletion leaves them', async () => {
  await handler(event('Create', tables));
  await handler(event('Delete', tables));
  expect(answers).toEqual([
    { Status: 'SUCCESS', ...echoed },
    { Status: 'SUCCESS', ...echoed },
  ]);
  const columns = await connectAthena(embedded).columns('SELECT * FROM tiny_churn_observations LIMIT 0');
  expect(columns).toHaveLength(observationsTable(minimalUseCase).columns.length);
});

test('what fails is told to CloudFormation, under the same id', async () => {
  await handler(event('Update', '{'));
  expect(answers).toEqual([{ Status: 'FAILED', Reason: expect.stringContaining('JSON'), ...echoed }]);
});

function event(RequestType: 'Create' | 'Update' | 'Delete', tables: string): CloudFormationCustomResourceEvent {
  const { port } = cloudFormation.address() as AddressInfo;
  return {
    ...echoed,
    RequestType,
    ServiceToken: '',
    ResponseURL: `http://127.0.0.1:${port}/answer`,
    ResourceType: 'Custom::Tables',
    ResourceProperties: { ServiceToken: '', tables, hash: 'any' },
    OldResourceProperties: {},
  } as CloudFormationCustomResourceEvent;
}
