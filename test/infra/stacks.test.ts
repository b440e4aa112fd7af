import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { daysKept } from '../../lifecycle/predictions/prediction-log.ts';
import { type Resource, readTemplate, synthesize } from '../synthesize.ts';

const assembly = synthesize();
const data = readTemplate(assembly, 'Perennial-Data');
const service = readTemplate(assembly, 'Perennial');
const everything = [...Object.entries(data.Resources), ...Object.entries(service.Resources)];

/** What a deployment to be thrown away, with a large function of its own size, is made of: one synthesis for the tests of both. */
const tryOut = () => synthesize({ retain: 'false', largeMemory: '6016' });

const ofType = (type: string) => everything.filter(([, resource]) => resource.Type === type);
const pathOf = ({ Metadata }: Resource) => Metadata?.['aws:cdk:path'] ?? '';

const stateful = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Glue::Database', 'AWS::Athena::WorkGroup'];

describe('state', () => {
  test('lives in the data stack alone', () => {
    expect(Object.values(service.Resources).filter(({ Type }) => stateful.includes(Type))).toEqual([]);
  });

  test('outlives its stack', () => {
    const lost = everything.filter(
      ([, { Type, DeletionPolicy }]) => [...stateful, 'Custom::Tables'].includes(Type) && DeletionPolicy !== 'Retain',
    );
    expect(lost.map(([id]) => id)).toEqual([]);
  });

  test('has the names by which CloudFormation takes back what outlived its stack', () => {
    const names: Readonly<Record<string, string>> = {
      'AWS::S3::Bucket': 'BucketName',
      'AWS::DynamoDB::Table': 'TableName',
      'AWS::Glue::Database': 'DatabaseName',
      'AWS::Athena::WorkGroup': 'Name',
    };
    for (const type of stateful) {
      for (const [, { Properties }] of ofType(type)) expect(Properties[names[type]!]).toBeDefined();
    }
  });

  test('goes with its stack in a try-out', () => {
    const kept = Object.entries(readTemplate(tryOut(), 'Perennial-Data').Resources).filter(
      ([, { Type, DeletionPolicy }]) => stateful.includes(Type) && DeletionPolicy !== 'Delete',
    );
    expect(kept.map(([id]) => id)).toEqual([]);
  });

  test('tables are billed by request, protected, and restorable to any second', () => {
    for (const [, { Properties }] of ofType('AWS::DynamoDB::Table')) {
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
      });
    }
    expect(ofType('AWS::DynamoDB::Table')).toHaveLength(2);
  });

  test('the bucket refuses plain http and public access, and encrypts', () => {
    const [[, bucket]] = ofType('AWS::S3::Bucket') as [[string, Resource]];
    expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket.Properties.BucketEncryption).toBeDefined();
    const [[, policy]] = ofType('AWS::S3::BucketPolicy') as [[string, Resource]];
    expect(policy.Properties.PolicyDocument.Statement[0]).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('what is staged outlives the log that it came from', () => {
    const [[, bucket]] = ofType('AWS::S3::Bucket') as [[string, Resource]];
    const rules = bucket.Properties.LifecycleConfiguration.Rules as { Prefix?: string; ExpirationInDays?: number }[];
    const staging = rules.find(({ Prefix }) => Prefix === 'staging/');
    expect(staging!.ExpirationInDays).toBeGreaterThan(daysKept);
  });

  test('the Athena workgroup enforces engine 3 and a scan limit', () => {
    const [[, workgroup]] = ofType('AWS::Athena::WorkGroup') as [[string, Resource]];
    expect(workgroup.Properties.WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
    });
  });
});

describe('permissions', () => {
  const statements = ofType('AWS::IAM::Policy').flatMap(([id, { Properties }]) =>
    Properties.PolicyDocument.Statement.map((statement: Statement) => ({ id, ...statement })),
  ) as (Statement & { id: string })[];

  test('name every action in full', () => {
    const wildcards = statements.filter(({ Action }) => [Action].flat().some(action => action.includes('*')));
    expect(wildcards.map(({ id, Action }) => ({ id, Action }))).toEqual([]);
  });

  test('name every resource, but for log delivery and X-Ray, which have none', () => {
    const open = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
    const services = new Set(open.flatMap(({ Action }) => [Action].flat()).map(action => action.split(':')[0]));
    expect([...services].sort()).toEqual(['logs', 'xray']);
    expect(open.every(({ id }) => id.includes('Workflow'))).toBe(true);
  });

  test('let the predict function read models and the registry and add to the log, nothing else', () => {
    const actions = statements.filter(({ id }) => id.startsWith('EndpointPredictRole')).flatMap(({ Action }) => Action);
    expect(actions.sort()).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
    ]);
  });

  test('let each state machine invoke its own tasks only', () => {
    const [lifecycle] = statements.filter(
      ({ id, Action }) => id.startsWith('LifecycleWorkflow') && Action === 'lambda:InvokeFunction',
    );
    expect([lifecycle!.Resource].flat()).toHaveLength(13);
  });

  test('let batch scoring start, watch, stop and redrive its own parts, and read their list', () => {
    const own = statements.filter(({ id }) => id.startsWith('ScoringWorkflow'));
    const resourceOf = (action: string) => {
      const [allowed] = own.filter(({ Action }) => [Action].flat().includes(action));
      return JSON.stringify(allowed!.Resource).replace(/^.*"([^"]+)"[^"]*$/, '$1');
    };
    expect(resourceOf('states:StartExecution')).toBe(':stateMachine:Perennial-score-batch');
    expect(resourceOf('states:DescribeExecution')).toBe(':execution:Perennial-score-batch:*');
    expect(resourceOf('states:StopExecution')).toBe(':execution:Perennial-score-batch:*');
    expect(resourceOf('states:RedriveExecution')).toBe(':execution:Perennial-score-batch/ScoreParts:*');
    expect(resourceOf('s3:GetObject')).toBe('/staging/*');
  });
});

describe('functions', () => {
  test('run on arm64 and Node 24 and log JSON to a group that expires', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      expect(Properties).toMatchObject({
        Architectures: ['arm64'],
        Runtime: 'nodejs24.x',
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(Properties.MemorySize).toBeGreaterThanOrEqual(512);
    }
    expect(ofType('AWS::Logs::LogGroup').filter(([, { Properties }]) => Properties.RetentionInDays !== 30)).toEqual([]);
  });
});

describe('endpoint', () => {
  const routes = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);

  test('asks for a key on every route but health and the description of the API', () => {
    const open = routes.filter(({ AuthorizationType }) => AuthorizationType !== 'CUSTOM');
    expect(open.map(({ RouteKey }) => RouteKey).sort()).toEqual([
      'GET /health',
      'GET /openapi.json',
      'GET /v2/health/live',
      'GET /v2/health/ready',
    ]);
  });

  test('is throttled and logs each access', () => {
    const [[, stage]] = ofType('AWS::ApiGatewayV2::Stage') as [[string, Resource]];
    expect(stage.Properties.DefaultRouteSettings.ThrottlingRateLimit).toBeGreaterThan(0);
    expect(stage.Properties.AccessLogSettings).toBeDefined();
  });

  test('answers who has no key ten times a second and route, so that they leave functions for the others', () => {
    const [[, stage]] = ofType('AWS::ApiGatewayV2::Stage') as [[string, Resource & { DependsOn: string[] }]];
    const open = Object.entries(service.Resources).filter(
      ([, { Type, Properties }]) => Type === 'AWS::ApiGatewayV2::Route' && Properties.AuthorizationType === 'NONE',
    );
    const { RouteSettings } = stage.Properties;
    expect(Object.keys(RouteSettings).sort()).toEqual(open.map(([, { Properties }]) => Properties.RouteKey).sort());
    for (const settings of Object.values(RouteSettings)) {
      expect(settings).toEqual({ ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 });
    }
    expect(stage.DependsOn).toEqual(expect.arrayContaining(open.map(([id]) => id)));
  });

  test('caches who a key is for a minute, by the key alone', () => {
    const [[, authorizer]] = ofType('AWS::ApiGatewayV2::Authorizer') as [[string, Resource]];
    expect(authorizer.Properties).toMatchObject({
      AuthorizerResultTtlInSeconds: 60,
      IdentitySource: ['$request.header.Authorization'],
    });
  });
});

describe('schedules', () => {
  test('start both machines of each use case and keep what could not start', () => {
    for (const [, { Properties }] of ofType('AWS::Scheduler::Schedule')) {
      expect(Properties.Target.DeadLetterConfig).toBeDefined();
      expect(Properties.Target.RetryPolicy.MaximumRetryAttempts).toBeGreaterThan(0);
      expect(Properties.ScheduleExpressionTimezone).toBeDefined();
    }
    expect(ofType('AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties.Name)).toEqual(
      expect.arrayContaining(['bank-marketing-lifecycle', 'bank-marketing-maintain']),
    );
  });

  test('ask for synthetic batches in a demo only', () => {
    const demo = readTemplate(synthesize({ demo: 'true' }), 'Perennial');
    const requests = (resources: Readonly<Record<string, Resource>>) =>
      Object.values(resources)
        .filter(({ Type, Properties }) => Type === 'AWS::Scheduler::Schedule' && Properties.Name.endsWith('-lifecycle'))
        .map(({ Properties }) => JSON.parse(Properties.Target.Input).newBatch);
    expect(new Set(requests(service.Resources))).toEqual(new Set([false]));
    expect(new Set(requests(demo.Resources))).toEqual(new Set([true]));
  });
});

test('the tables are defined last, once all else that holds state is there, and whoever does it has half an hour', () => {
  const [[, tables]] = ofType('Custom::Tables') as [[string, Resource & { DependsOn: string[] }]];
  const needed = [...stateful, 'AWS::S3::BucketPolicy'];
  const typeOf = (id: string) => data.Resources[id]!.Type;
  expect(tables.DependsOn.map(typeOf)).toEqual(expect.arrayContaining([...needed, 'AWS::IAM::Policy']));
  expect(tables.Properties.ServiceTimeout).toBe('1800');
});

test('logs that a service delivers have names for which it needs no room in the policy of the account', () => {
  const delivered = ofType('AWS::Logs::LogGroup').filter(([id]) => /AccessLog|Workflow/.test(id));
  expect(delivered.length).toBeGreaterThan(6);
  for (const [, { Properties }] of delivered) expect(Properties.LogGroupName).toMatch(/^\/aws\/vendedlogs\//);
});

test('no machine names the partition of its ARNs itself', () => {
  for (const [, { Properties }] of ofType('AWS::StepFunctions::StateMachine')) {
    expect(Properties.DefinitionString).not.toContain('arn:aws:');
    expect(Properties.DefinitionSubstitutions.Partition).toEqual({ Ref: 'AWS::Partition' });
  }
});

test('everything that can be tagged carries the cost tag', () => {
  const taggable = [
    'AWS::Lambda::Function',
    'AWS::DynamoDB::Table',
    'AWS::S3::Bucket',
    'AWS::StepFunctions::StateMachine',
    'AWS::SQS::Queue',
  ];
  const untagged = everything.filter(
    ([, { Type, Properties }]) =>
      taggable.includes(Type) && !Properties.Tags?.some(({ Key }: { Key: string }) => Key === 'application'),
  );
  expect(untagged.map(([id]) => id)).toEqual([]);
});

test('AwsSolutions finds nothing that is not acknowledged', () => {
  const { pluginReports } = JSON.parse(readFileSync(join(assembly, 'validation-report.json'), 'utf8'));
  expect(pluginReports).toEqual([]);
});

test('the steps of an experiment are one program, and nothing else is part of it', () => {
  const keys = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [
    id.startsWith('LifecycleExperiment'),
    Properties.Code.S3Key,
  ]);
  const [ofExperiment, others] = [true, false].map(isStep =>
    keys.filter(([is]) => is === isStep).map(([, key]) => key),
  );
  expect(ofExperiment).toHaveLength(7);
  expect(new Set(ofExperiment).size).toBe(1);
  expect(others).not.toContain(ofExperiment![0]);
});

test('large trials get the memory that the context says', () => {
  const memoryOf = (resources: Readonly<Record<string, Resource>>) =>
    Object.entries(resources).find(
      ([id]) => id.startsWith('LifecycleExperimentTrainLargeTrial') && resources[id]!.Type === 'AWS::Lambda::Function',
    )![1].Properties.MemorySize;
  expect(memoryOf(service.Resources)).toBe(3_008);
  expect(memoryOf(readTemplate(tryOut(), 'Perennial').Resources)).toBe(6_016);
  expect(() => synthesize({ largeMemory: 'much' })).toThrow('expected an integer in [1769, 10240]');
});

test('no construct is named twice in the logs', () => {
  const paths = ofType('AWS::Lambda::Function').map(([, resource]) => pathOf(resource).split('/').at(-2));
  expect(new Set(paths).size).toBe(paths.length);
});

test('no resource refers to itself through others, which CloudFormation refuses to deploy', () => {
  for (const { Resources } of [data, service]) {
    const done = new Set<string>();
    const findCircle = (id: string, path: readonly string[]): readonly string[] | undefined => {
      if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
      if (done.has(id)) return undefined;
      const found = referredTo(Resources[id]!, Resources).map(next => findCircle(next, [...path, id]));
      done.add(id);
      return found.find(Boolean);
    };
    expect(Object.keys(Resources).flatMap(id => findCircle(id, []) ?? [])).toEqual([]);
  }
});

/** Ids of the resources that one refers to, or waits for. */
function referredTo(resource: object, resources: Readonly<Record<string, Resource>>): string[] {
  const references = JSON.stringify(resource).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g);
  const { DependsOn = [] } = resource as { DependsOn?: string[] };
  return [...new Set([...Array.from(references, ([, id]) => id!), ...DependsOn])].filter(id => id in resources);
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}
