import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Modules of the functions of a small app: `index.handler` each, without dependencies. */
export interface SmallApp {
  readonly echo?: string;
  readonly authorize?: string;
  readonly define?: string;
  /** Properties of the custom resource. */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Resources beside the app's own. */
  readonly resources?: Readonly<Record<string, object>>;
}

const echo = 'export const handler = async event => ({ statusCode: 200, body: JSON.stringify(event) });';
const authorize = `export const handler = async event =>
  ({ isAuthorized: event.headers.authorization === 'Bearer good', context: { keyId: 'key-1' } });`;

/** Answers a custom resource's request with what it was asked. */
const define = `export const handler = async ({ ResponseURL, RequestType, ResourceProperties }) => {
  const body = JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'tables', Data: { RequestType, ...ResourceProperties } });
  await fetch(ResponseURL, { method: 'PUT', body });
};`;

/**
 * Writes a cloud assembly as the CDK does: a table, a bucket, three functions with roles, an HTTP API, a custom resource and a machine.
 *
 * @returns the folder
 */
export function writeSmallAssembly(folder: string, app: SmallApp = {}): string {
  const code = { Echo: app.echo ?? echo, Authorize: app.authorize ?? authorize, Define: app.define ?? define };
  for (const [name, source] of Object.entries(code)) {
    mkdirSync(join(folder, `asset.${name}`), { recursive: true });
    writeFileSync(join(folder, `asset.${name}`, 'index.mjs'), source);
  }
  write(folder, 'manifest.json', {
    artifacts: {
      'Small.assets': { type: 'cdk:asset-manifest', properties: { file: 'Small.assets.json' } },
      Small: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'Small.template.json' },
        dependencies: ['Small.assets'],
      },
    },
  });
  write(folder, 'Small.assets.json', {
    files: Object.fromEntries(
      Object.keys(code).map(name => [
        name,
        { source: { path: `asset.${name}` }, destinations: { here: { objectKey: `${name}.zip` } } },
      ]),
    ),
  });
  write(folder, 'Small.template.json', template(app));
  return folder;
}

function write(folder: string, file: string, content: object): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}

function template({ properties = { Color: 'blue' }, resources = {} }: SmallApp): object {
  const tableArn = { 'Fn::GetAtt': ['Table', 'Arn'] };
  return {
    Resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          TableName: 'small-table',
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
          TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
        },
      },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'small-bucket' } },
      ...functionWithRole('Echo', [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: tableArn }]),
      ...functionWithRole('Authorize', []),
      ...functionWithRole('Define', []),
      Tables: {
        Type: 'Custom::Tables',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Define', 'Arn'] }, ...properties },
      },
      ...api(),
      ...machine(),
      ...resources,
    },
    Outputs: {
      Endpoint: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
      Color: { Value: { 'Fn::GetAtt': ['Tables', 'Color'] }, Description: 'What was <defined> & how' },
    },
  };
}

function functionWithRole(name: string, Statement: readonly object[]): object {
  return {
    [`${name}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ PolicyName: 'own', PolicyDocument: { Statement } }] },
    },
    [name]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
        MemorySize: 128,
        Timeout: 10,
        Environment: { Variables: { TABLE: { Ref: 'Table' } } },
      },
      Metadata: { 'aws:cdk:path': `Small/${name}/Resource` },
    },
  };
}

function api(): object {
  const ApiId = { Ref: 'Api' };
  return {
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Small', ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId, IntegrationType: 'AWS_PROXY', IntegrationUri: { 'Fn::GetAtt': ['Echo', 'Arn'] } },
    },
    Authorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        ApiId,
        AuthorizerType: 'REQUEST',
        AuthorizerUri: {
          'Fn::Join': ['', ['arn:aws:apigateway:functions/', { 'Fn::GetAtt': ['Authorize', 'Arn'] }, '/invocations']],
        },
        IdentitySource: ['$request.header.Authorization'],
        AuthorizerResultTtlInSeconds: 60,
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId,
        RouteKey: 'POST /things/{thing}',
        AuthorizationType: 'CUSTOM',
        AuthorizerId: { Ref: 'Authorizer' },
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Stage: { Type: 'AWS::ApiGatewayV2::Stage', Properties: { ApiId, StageName: '$default' } },
  };
}

function machine(): object {
  const placeholder = ['$', '{Echo}'].join('');
  return {
    MachineRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [
          {
            PolicyName: 'own',
            PolicyDocument: {
              Statement: [
                { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': ['Echo', 'Arn'] } },
              ],
            },
          },
        ],
      },
    },
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: 'Small-machine',
        RoleArn: { 'Fn::GetAtt': ['MachineRole', 'Arn'] },
        DefinitionString: JSON.stringify({
          StartAt: 'Echo',
          States: { Echo: { Type: 'Task', Resource: placeholder, End: true } },
        }),
        DefinitionSubstitutions: { Echo: { 'Fn::GetAtt': ['Echo', 'Arn'] } },
      },
    },
  };
}
