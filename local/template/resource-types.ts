import { localAccount, localRegion } from '../service.ts';

/** What a resource's `Ref` and attributes are made of. */
export interface Identity {
  readonly stackName: string;
  readonly logicalId: string;
  /** Resolves one property, for instance the name that the template gives. */
  property(name: string): unknown;
  /** Ten characters, as API Gateway names things. */
  readonly shortId: string;
  /** A name as CloudFormation makes one where the template gives none. */
  readonly generatedName: string;
}

interface ResourceType {
  ref(identity: Identity): unknown;
  readonly attributes?: Readonly<Record<string, (identity: Identity) => unknown>>;
  /** Why the embedded cloud makes nothing of it. @default - it does */
  readonly ignored?: string;
}

const arn = (service: string, resource: string) => `arn:aws:${service}:${localRegion}:${localAccount}:${resource}`;
const named =
  (property: string) =>
  (identity: Identity): string =>
    String(identity.property(property) ?? identity.generatedName);

const bucketName = (identity: Identity) => named('BucketName')(identity).toLowerCase();
const tableName = named('TableName');
const roleName = named('RoleName');
const functionName = named('FunctionName');
const logGroupName = named('LogGroupName');
const queueName = named('QueueName');
const topicName = named('TopicName');
const busName = named('Name');
const machineName = named('StateMachineName');
const machineArn = (identity: Identity) => arn('states', `stateMachine:${machineName(identity)}`);
const queueUrl = (identity: Identity) =>
  `https://sqs.${localRegion}.amazonaws.com/${localAccount}/${queueName(identity)}`;
const topicArn = (identity: Identity) => arn('sns', topicName(identity));
const shortId = (identity: Identity) => identity.shortId;

const alarm = 'nobody is paged on one machine';
const identityAlone = 'functions here are called by nobody but this cloud';

/** The resource types that a template may hold. */
export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': {
    ref: bucketName,
    attributes: { Arn: identity => `arn:aws:s3:::${bucketName(identity)}` },
  },
  'AWS::S3::BucketPolicy': {
    ref: identity => identity.generatedName,
    ignored: 'its denials ask for TLS, and loopback is plain http',
  },
  'AWS::DynamoDB::Table': {
    ref: tableName,
    attributes: { Arn: identity => arn('dynamodb', `table/${tableName(identity)}`) },
  },
  'AWS::IAM::Role': {
    ref: roleName,
    attributes: { Arn: identity => `arn:aws:iam::${localAccount}:role/${roleName(identity)}` },
  },
  'AWS::IAM::Policy': { ref: named('PolicyName') },
  'AWS::IAM::ManagedPolicy': {
    ref: identity => `arn:aws:iam::${localAccount}:policy/${named('ManagedPolicyName')(identity)}`,
  },
  'AWS::Lambda::Function': {
    ref: functionName,
    attributes: { Arn: identity => arn('lambda', `function:${functionName(identity)}`) },
  },
  'AWS::Lambda::Permission': { ref: identity => identity.generatedName, ignored: identityAlone },
  'AWS::StepFunctions::StateMachine': {
    ref: machineArn,
    attributes: { Arn: machineArn, Name: machineName },
  },
  'AWS::Scheduler::ScheduleGroup': {
    ref: named('Name'),
    attributes: { Arn: identity => arn('scheduler', `schedule-group/${named('Name')(identity)}`) },
    ignored: 'a name alone',
  },
  'AWS::Scheduler::Schedule': {
    ref: named('Name'),
    attributes: { Arn: identity => arn('scheduler', `schedule/default/${named('Name')(identity)}`) },
  },
  'AWS::Glue::Database': { ref: identity => (identity.property('DatabaseInput') as { Name: string }).Name },
  'AWS::Athena::WorkGroup': { ref: named('Name') },
  // ApiEndpoint is known only once the port is.
  'AWS::ApiGatewayV2::Api': { ref: shortId, attributes: { ApiId: shortId } },
  'AWS::ApiGatewayV2::Integration': { ref: shortId },
  'AWS::ApiGatewayV2::Route': { ref: shortId },
  'AWS::ApiGatewayV2::Authorizer': { ref: shortId, attributes: { AuthorizerId: shortId } },
  'AWS::ApiGatewayV2::Stage': { ref: named('StageName') },
  'AWS::Logs::LogGroup': {
    ref: logGroupName,
    attributes: { Arn: identity => arn('logs', `log-group:${logGroupName(identity)}:*`) },
    ignored: 'logs are files here',
  },
  'AWS::Logs::MetricFilter': { ref: identity => identity.generatedName, ignored: alarm },
  'AWS::Logs::ResourcePolicy': { ref: identity => identity.generatedName, ignored: 'logs are files here' },
  'AWS::Logs::QueryDefinition': { ref: identity => identity.generatedName, ignored: 'logs are files here' },
  'AWS::CloudWatch::Alarm': {
    ref: named('AlarmName'),
    attributes: { Arn: identity => arn('cloudwatch', `alarm:${named('AlarmName')(identity)}`) },
    ignored: alarm,
  },
  'AWS::CloudWatch::CompositeAlarm': { ref: named('AlarmName'), ignored: alarm },
  'AWS::CloudWatch::Dashboard': { ref: named('DashboardName'), ignored: 'there are no metrics to show' },
  'AWS::Events::EventBus': {
    ref: busName,
    attributes: { Arn: identity => arn('events', `event-bus/${busName(identity)}`), Name: busName },
  },
  'AWS::Events::Rule': {
    ref: named('Name'),
    attributes: { Arn: identity => arn('events', `rule/${named('Name')(identity)}`) },
    ignored: 'what the bus is told stands in a file, for whoever wants to follow it',
  },
  'AWS::SNS::Topic': {
    ref: topicArn,
    attributes: { TopicArn: topicArn, TopicName: topicName },
    ignored: alarm,
  },
  'AWS::SNS::TopicPolicy': { ref: identity => identity.generatedName, ignored: alarm },
  'AWS::SNS::Subscription': { ref: identity => identity.generatedName, ignored: alarm },
  'AWS::SQS::Queue': {
    ref: queueUrl,
    attributes: { Arn: identity => arn('sqs', queueName(identity)), QueueName: queueName, QueueUrl: queueUrl },
    ignored: 'a schedule that could not start says so in the log',
  },
  'AWS::SQS::QueuePolicy': { ref: identity => identity.generatedName, ignored: 'it guards a queue that is ignored' },
  'AWS::Budgets::Budget': { ref: identity => identity.generatedName, ignored: 'nothing here costs money' },
  'AWS::CDK::Metadata': { ref: identity => identity.generatedName, ignored: 'it describes the synthesis alone' },
};

/** Whether a Lambda behind this cloud's own protocol makes the resource. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
