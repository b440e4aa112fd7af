import type { APIGatewayRequestAuthorizerEventV2, Context } from 'aws-lambda';
import { createAccessKey, revokeAccessKey } from '../../../lifecycle/access/access-keys.ts';
import { captureOutput } from '../capture-output.ts';
import { type Deployment, startDeployment } from '../deployment.ts';

let deployment: Deployment;
let handler: typeof import('../../../lambdas/access/authorize.ts')['handler'];
const clock = { now: () => new Date(), real: (ms: number) => ms };

beforeAll(async () => {
  deployment = await startDeployment();
  ({ handler } = await import('../../../lambdas/access/authorize.ts'));
});
afterAll(() => deployment.stop());

async function authorize(authorization?: string) {
  const event = {
    headers: authorization === undefined ? {} : { authorization },
    requestContext: { requestId: 'request-1' },
  } as unknown as APIGatewayRequestAuthorizerEventV2;
  return (await captureOutput(() => handler(event, {} as Context))).result;
}

describe('the authorizer', () => {
  test('says whose key it is and what it is for', async () => {
    const { key, record } = await createAccessKey(
      { ...deployment, clock },
      { name: 'shop', scopes: ['predict', 'view'] },
    );
    const expected = { isAuthorized: true, context: { keyId: record.keyId, scopes: ['predict', 'view'] } };
    await expect(authorize(`Bearer ${key}`)).resolves.toEqual(expected);
    await expect(authorize(`bearer  ${key}`)).resolves.toEqual(expected);
  });

  test('refuses a revoked key', async () => {
    const { key, record } = await createAccessKey({ ...deployment, clock }, { name: 'shop', scopes: ['predict'] });
    await revokeAccessKey({ ...deployment, clock }, record.keyId);
    await expect(authorize(`Bearer ${key}`)).resolves.toEqual({ isAuthorized: false, context: {} });
  });

  test('refuses what is no key', async () => {
    const { key } = await createAccessKey({ ...deployment, clock }, { name: 'shop', scopes: ['predict'] });
    for (const header of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      key,
      `Basic ${key}`,
      `Bearer ${key}x`,
      `Bearer ${key} x`,
    ]) {
      await expect(authorize(header)).resolves.toEqual({ isAuthorized: false, context: {} });
    }
  });
});
