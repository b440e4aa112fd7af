import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Gateway, startGateway } from '../../../local/gateway/gateway.ts';
import { allPowerful } from '../../embedded-services.ts';

let gateway: Gateway;
beforeAll(async () => {
  const s3 = { handle: async (_: IncomingMessage, response: ServerResponse) => void response.end('from S3') };
  gateway = await startGateway({ port: 0, services: {}, s3, identify: () => allPowerful });
});
afterAll(() => gateway.stop());

function call(service: string, init: RequestInit = {}): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIATEST/20261121/us-east-1/${service}/aws4_request, Signature=0`;
  return fetch(`${gateway.endpoint}/schedules`, { ...init, headers: { ...init.headers, authorization } });
}

test('what is signed for S3 goes to S3', async () => {
  expect(await (await call('s3')).text()).toBe('from S3');
});

test('what is signed for a service that is not there is refused in JSON', async () => {
  const response = await call('scheduler');
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    __type: 'UnknownOperationException',
    message: 'No embedded service answers for "scheduler"',
  });
});

test('a form that is signed for a service that is not there is refused in XML', async () => {
  const response = await call('iam', { method: 'POST', body: new URLSearchParams({ Action: 'ListUsers' }) });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('<Message>No embedded service answers for &quot;iam&quot;</Message>');
});
