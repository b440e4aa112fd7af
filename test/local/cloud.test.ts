import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { type Cloud, startCloud } from '../../local/cloud.ts';
import { PortInUseError } from '../../local/loopback.ts';
import { StateFolderHeldError } from '../../local/state-folder.ts';
import { type SmallApp, writeSmallAssembly } from './small-assembly.ts';

let folder: string;
let stateFolder: string;
const running: Cloud[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-cloud-'));
  stateFolder = join(folder, 'state');
});
afterEach(async () => {
  delete process.env.PERENNIAL_FAULTS;
  await Promise.all(running.splice(0).map(cloud => cloud.stop()));
  rmSync(folder, { recursive: true });
});

async function start(app?: SmallApp, options: Partial<Parameters<typeof startCloud>[0]> = {}): Promise<Cloud> {
  const assembly = writeSmallAssembly(join(folder, 'assembly'), app);
  const cloud = await startCloud({ assembly, stateFolder, awsPort: 0, apiPort: 0, ...options });
  running.push(cloud);
  return cloud;
}

function settings({ awsUrl, administrator }: Cloud) {
  return { endpoint: awsUrl, region: 'us-east-1', credentials: { ...administrator }, maxAttempts: 1 };
}

async function outputs(cloud: Cloud): Promise<Record<string, string>> {
  const { Stacks } = await new CloudFormationClient(settings(cloud)).send(
    new DescribeStacksCommand({ StackName: 'Small' }),
  );
  return Object.fromEntries(Stacks![0]!.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));
}

function call({ apiUrl }: Cloud, key = 'good'): Promise<Response> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return fetch(`${apiUrl}/things/one`, { method: 'POST', headers, body: '{"a":1}' });
}

describe('a started cloud', () => {
  test('answers its API through authorizer and function', async () => {
    const cloud = await start();
    const response = await call(cloud);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      routeKey: 'POST /things/{thing}',
      pathParameters: { thing: 'one' },
      body: '{"a":1}',
      requestContext: { authorizer: { lambda: { keyId: 'key-1' } } },
    });
    expect((await call(cloud, 'bad')).status).toBe(403);
  });

  test('tells of its stacks with their outputs, those of custom resources too', async () => {
    const cloud = await start();
    expect(await outputs(cloud)).toEqual({ Endpoint: cloud.apiUrl, Color: 'blue' });
    const client = new CloudFormationClient(settings(cloud));
    const { StackSummaries } = await client.send(new ListStacksCommand({}));
    expect(StackSummaries!.map(({ StackName }) => StackName)).toEqual(['Small']);
    await expect(client.send(new DescribeStacksCommand({ StackName: 'Other' }))).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id Other does not exist',
    });
  });

  test('has the buckets of the template', async () => {
    const { Buckets } = await new S3Client(settings(await start())).send(new ListBucketsCommand({}));
    expect(Buckets!.map(({ Name }) => Name)).toEqual(['small-bucket']);
  });

  test('runs a state machine whose task is a function', async () => {
    const client = new SFNClient(settings(await start()));
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Small-machine';
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input: '{"n":1}' }));
    let execution: { status?: string; output?: string };
    do execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    while (execution.status === 'RUNNING');
    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(JSON.parse(execution.output!).body)).toEqual({ n: 1 });
  });

  test('invokes and describes functions through their own API', async () => {
    const { awsUrl, administrator } = await start();
    const authorization = `AWS4-HMAC-SHA256 Credential=${administrator.accessKeyId}/20260101/us-east-1/lambda/aws4_request`;
    const lambda = async (path: string, init: RequestInit = {}) =>
      (await fetch(`${awsUrl}/2015-03-31/functions${path}`, { ...init, headers: { authorization } })).json();
    const { Functions } = (await lambda('/')) as { Functions: { FunctionName: string }[] };
    expect(Functions).toHaveLength(3);
    const answer = await lambda(`/${Functions[0]!.FunctionName}/invocations`, { method: 'POST', body: '{"n":2}' });
    expect(answer).toMatchObject({ statusCode: 200, body: '{"n":2}' });
    expect(await lambda('/Nothing')).toEqual({ Type: 'User', Message: 'Function not found: Nothing' });
  });

  test('knows nobody by a key that is not its own', async () => {
    const cloud = await start();
    const client = new DynamoDBClient({
      ...settings(cloud),
      credentials: { accessKeyId: 'AKIAX', secretAccessKey: 'x' },
    });
    const get = client.send(new GetItemCommand({ TableName: 'small-table', Key: { pk: { S: 'a' } } }));
    await expect(get).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('lets a function do what its role allows and nothing else', async () => {
    // The AWS JSON protocol by hand, as the functions of this app have no dependencies.
    const echo = `const call = async action => {
      const response = await fetch(process.env.AWS_ENDPOINT_URL, {
        method: 'POST',
        headers: {
          authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/dynamodb/aws4_request',
          'x-amz-target': 'DynamoDB_20120810.' + action,
        },
        body: JSON.stringify({ TableName: process.env.TABLE, Key: { pk: { S: 'a' } } }),
      });
      return { status: response.status, ...(await response.json()) };
    };
    export const handler = async () => ({ get: await call('GetItem'), delete: await call('DeleteItem') });`;
    const answer = await (await call(await start({ echo }))).json();
    expect(answer).toEqual({
      get: { status: 200 },
      delete: {
        status: 400,
        __type: 'AccessDeniedException',
        message: expect.stringMatching(
          /^User: arn:aws:sts::000000000000:assumed-role\/Small-EchoRole-\w+\/Small-Echo-\w+ is not authorized to perform: dynamodb:DeleteItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table\/small-table because no identity-based policy allows the dynamodb:DeleteItem action$/,
        ),
      },
    });
  });
});

describe('a cloud that is started again', () => {
  test('keeps its items and its administrator, whose key only the owner reads', async () => {
    const first = await start();
    const item = { pk: { S: 'kept' } };
    await new DynamoDBClient(settings(first)).send(new PutItemCommand({ TableName: 'small-table', Item: item }));
    await first.stop();
    const second = await start();
    expect(second.administrator).toEqual(first.administrator);
    expect(statSync(join(stateFolder, 'administrator.json')).mode & 0o777).toBe(0o600);
    const { Item } = await new DynamoDBClient(settings(second)).send(
      new GetItemCommand({ TableName: 'small-table', Key: item }),
    );
    expect(Item).toEqual(item);
  });

  test('asks for a custom resource again only when its properties have changed', async () => {
    const define = `import { appendFileSync } from 'node:fs';
      export const handler = async ({ ResponseURL, RequestType, PhysicalResourceId, OldResourceProperties, ResourceProperties }) => {
        appendFileSync(${JSON.stringify(join(folder, 'asked'))}, [RequestType, PhysicalResourceId, OldResourceProperties?.Color].join(' ') + ';');
        const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'tables-1', Data: ResourceProperties });
        await fetch(ResponseURL, { method: 'PUT', body });
      };`;
    for (const Color of ['blue', 'blue', 'red']) {
      const cloud = await start({ define, properties: { Color } });
      expect((await outputs(cloud)).Color).toBe(Color);
      await cloud.stop();
    }
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('Create  ;Update tables-1 blue;');
  });
});

describe('a cloud does not start', () => {
  test('when a custom resource fails, and says why', async () => {
    const define = `export const handler = async ({ ResponseURL }) => {
      await fetch(ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'FAILED', Reason: 'no room' }) });
    };`;
    await expect(start({ define })).rejects.toThrow('Custom::Tables "Tables" of stack Small failed: no room');
    await expect(start({ define: "throw new Error('no module');" })).rejects.toThrow('failed: no module');
  });

  test('on a folder that another one holds, but does where one was killed', async () => {
    await start();
    await expect(start()).rejects.toBeInstanceOf(StateFolderHeldError);
    await running.pop()!.stop();
    // No process has this number.
    writeFileSync(join(stateFolder, 'lock'), '4194999 1');
    await expect(start()).resolves.toBeDefined();
  });

  test('on a port that is taken, and leaves the folder free', async () => {
    const other = createServer();
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(start({}, { awsPort: port })).rejects.toBeInstanceOf(PortInUseError);
    await expect(start({}, { apiPort: port })).rejects.toBeInstanceOf(PortInUseError);
    other.close();
    await expect(start()).resolves.toBeDefined();
  });

  test('from a template that holds what it cannot run', async () => {
    await expect(start({ resources: { Cluster: { Type: 'AWS::ECS::Cluster' } } })).rejects.toThrow('AWS::ECS::Cluster');
  });
});

describe('faults', () => {
  const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/small-table';
  const get = (cloud: Cloud) =>
    new DynamoDBClient(settings(cloud)).send(new GetItemCommand({ TableName: 'small-table', Key: { pk: { S: 'a' } } }));

  test('throttle the nth matching call, and no other', async () => {
    process.env.PERENNIAL_FAULTS = JSON.stringify([
      {
        function: 'Administrator',
        action: 'dynamodb:GetItem',
        resource: table,
        nth: 2,
        when: 'before',
        do: 'throttle',
      },
    ]);
    const cloud = await start();
    await get(cloud);
    await expect(get(cloud)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' });
    await get(cloud);
  });

  test('lose the answer of an act that is done', async () => {
    process.env.PERENNIAL_FAULTS = JSON.stringify([
      { action: 'dynamodb:PutItem', resource: '*small*', when: 'after', do: 'fail' },
    ]);
    const cloud = await start();
    const put = new PutItemCommand({ TableName: 'small-table', Item: { pk: { S: 'a' } } });
    await expect(new DynamoDBClient(settings(cloud)).send(put)).rejects.toThrow();
    expect((await get(cloud)).Item).toEqual({ pk: { S: 'a' } });
  });

  test('end the worker of a task, which its machine sees as an error', async () => {
    process.env.PERENNIAL_FAULTS = JSON.stringify([
      { function: 'Echo', action: 'lambda:InvokeFunction', when: 'before', do: 'fail' },
    ]);
    const client = new SFNClient(settings(await start()));
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:Small-machine';
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    let execution: { status?: string; error?: string };
    do execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    while (execution.status === 'RUNNING');
    expect(execution.status).toBe('FAILED');
  });

  test('that cannot be understood are refused', async () => {
    process.env.PERENNIAL_FAULTS = '[{"action":"s3:PutObject","when":"later","do":"fail"}]';
    await expect(start()).rejects.toThrow('PERENNIAL_FAULTS is no array of fault rules');
  });
});
