import type { Template } from '../../../local/template/assembly.ts';
import { deploy } from '../../../local/template/deployment.ts';

type Templates = Record<string, Partial<Template>>;

const deployed = (templates: Templates) =>
  deploy(
    Object.entries(templates).map(([name, template]) => ({
      name,
      assets: new Map(),
      template: { Resources: {}, ...template } as Template,
    })),
  );

/** Fn::Sub's own placeholders, which linters take for a forgotten template string. */
const placeholders = (text: string) => text.replaceAll('%', '$');

/** Resolves a value as the output of a stack that has a queue named `jobs` and a topic. */
function resolved(value: unknown, template: Partial<Template> = {}): unknown {
  const { stacks } = deployed({
    Main: {
      ...template,
      Resources: {
        Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
        Topic: { Type: 'AWS::SNS::Topic' },
      },
      Outputs: { Value: { Value: value } },
    },
  });
  return stacks[0]!.outputs()[0]!.value;
}

describe('intrinsic functions', () => {
  test.each([
    [{ Ref: 'AWS::AccountId' }, '000000000000'],
    [{ Ref: 'AWS::Region' }, 'us-east-1'],
    [{ Ref: 'Queue' }, 'https://sqs.us-east-1.amazonaws.com/000000000000/jobs'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:jobs'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'jobs'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Partition' }, 'b']] }, 'a-aws-b'],
    [{ 'Fn::Select': ['1', { 'Fn::Split': [',', 'a,b,c'] }] }, 'b'],
    [
      { 'Fn::Sub': placeholders('%{AWS::Region}/%{Queue.Arn}/%{!kept}') },
      placeholders('us-east-1/arn:aws:sqs:us-east-1:000000000000:jobs/%{kept}'),
    ],
    [{ 'Fn::Sub': [placeholders('%{name}-%{AWS::StackName}'), { name: { Ref: 'AWS::Partition' } }] }, 'aws-Main'],
    [{ 'Fn::Base64': 'text' }, 'dGV4dA=='],
    [{ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, '7'],
    [{ 'Fn::If': ['InEurope', 'yes', 'no'] }, 'no'],
    [{ 'Fn::If': ['Elsewhere', 'yes', 'no'] }, 'yes'],
    [{ Ref: 'Stage' }, 'beta'],
  ])('resolve %j to %s', (value, expected) => {
    const template: Partial<Template> = {
      Parameters: { Stage: { Default: 'beta' } },
      Mappings: { Sizes: { 'us-east-1': { small: 7 } } },
      Conditions: {
        InEurope: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
        Elsewhere: { 'Fn::And': [{ 'Fn::Not': [{ Condition: 'InEurope' }] }, { 'Fn::Or': [true, false] }] },
      },
    };
    expect(resolved(value, template)).toBe(expected);
  });

  test('take AWS::NoValue for a property that is not there', () => {
    const [bucket] = deployed({
      Main: {
        Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Tags: { Ref: 'AWS::NoValue' }, Rules: [1] } } },
      },
    }).ofType('AWS::S3::Bucket');
    expect(bucket!.properties).toEqual({ Rules: [1] });
  });

  test.each([
    [{ Ref: 'Nothing' }, 'has no resource and no parameter "Nothing"'],
    [{ 'Fn::GetAtt': ['Queue', 'Colour'] }, 'has no Colour'],
    [{ 'Fn::Transform': {} }, 'Fn::Transform, which the embedded cloud does not know'],
    [{ 'Fn::ImportValue': 'nobody' }, 'exports "nobody"'],
    [{ 'Fn::Select': [3, ['a']] }, 'Fn::Select of 3 among 1 items'],
  ])('refuse %j', (value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });

  test('read what an earlier stack exports or puts out', () => {
    const { stacks } = deployed({
      Data: { Outputs: { Table: { Value: 'rows', Export: { Name: 'Data:Table' } } } },
      Main: {
        Outputs: {
          Imported: { Value: { 'Fn::ImportValue': 'Data:Table' } },
          Output: { Value: { 'Fn::GetStackOutput': { StackName: 'Data', OutputName: 'Table' } } },
        },
      },
    });
    expect(stacks[1]!.outputs().map(({ value }) => value)).toEqual(['rows', 'rows']);
  });
});

describe('a deployment', () => {
  test('names what the template does not, each time alike', () => {
    const name = () =>
      deployed({ Main: { Resources: { Role: { Type: 'AWS::IAM::Role' } } } }).ofType('AWS::IAM::Role')[0]!.id;
    expect(name()).toMatch(/^Main-Role-[0-9A-Z]{12}$/);
    expect(name()).toBe(name());
  });

  test('leaves out resources whose condition does not hold', () => {
    const deployment = deployed({
      Main: {
        Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } },
        Resources: { Bucket: { Type: 'AWS::S3::Bucket', Condition: 'Never' } },
      },
    });
    expect(deployment.ofType('AWS::S3::Bucket')).toEqual([]);
  });

  test('refuses a resource that it neither runs nor ignores, by name', () => {
    expect(() => deployed({ Main: { Resources: { Cluster: { Type: 'AWS::ECS::Cluster' } } } })).toThrow(
      'Resource "Cluster" of stack Main is of type AWS::ECS::Cluster, which the embedded cloud does not run',
    );
  });

  test('knows the attributes of a custom resource once they are provided', () => {
    const deployment = deployed({
      Main: {
        Resources: { Tables: { Type: 'Custom::Tables' } },
        Outputs: { Count: { Value: { 'Fn::GetAtt': ['Tables', 'Count'] } } },
      },
    });
    expect(() => deployment.stacks[0]!.outputs()).toThrow('has no Count (yet)');
    deployment.provide(deployment.custom()[0]!, { Ref: 'physical', Count: 3 });
    expect(deployment.stacks[0]!.outputs()[0]!.value).toBe('3');
    expect(deployment.custom()[0]!.id).toBe('physical');
  });
});
