import { readTemplate, synthesize } from '../synthesize.ts';

/** Monthly price in US dollars (us-east-1) of one resource that nobody uses and that holds nothing. */
const idlePrice: Readonly<Record<string, number>> = {
  'AWS::CloudWatch::Alarm': 0.1,
  // Billed by request, byte, execution or invocation only.
  'AWS::ApiGatewayV2::Api': 0,
  'AWS::ApiGatewayV2::Authorizer': 0,
  'AWS::ApiGatewayV2::Integration': 0,
  'AWS::ApiGatewayV2::Route': 0,
  'AWS::ApiGatewayV2::Stage': 0,
  'AWS::Athena::WorkGroup': 0,
  'AWS::CDK::Metadata': 0,
  'AWS::DynamoDB::Table': 0,
  'AWS::Events::EventBus': 0,
  'AWS::Events::Rule': 0,
  'AWS::Glue::Database': 0,
  'AWS::IAM::Policy': 0,
  'AWS::IAM::Role': 0,
  'AWS::Lambda::Function': 0,
  'AWS::Lambda::Permission': 0,
  'AWS::Logs::LogGroup': 0,
  'AWS::S3::Bucket': 0,
  'AWS::S3::BucketPolicy': 0,
  'AWS::Scheduler::Schedule': 0,
  'AWS::Scheduler::ScheduleGroup': 0,
  'AWS::SNS::Topic': 0,
  'AWS::SNS::TopicPolicy': 0,
  'AWS::SQS::Queue': 0,
  'AWS::SQS::QueuePolicy': 0,
  'AWS::StepFunctions::StateMachine': 0,
  'Custom::Tables': 0,
};

const gigabyteSecond = 0.0000133334;
const transition = 0.025 / 1_000;
/** Athena's minimum of 10 MB a statement at $5 a TB. */
const statement = (10 / 1024 ** 2) * 5;

/** A daily look that finds nothing: one second of ingest and three transitions. */
const lifecycleMonth = 31 * (1.77 * gigabyteSecond + 3 * transition);
/** OPTIMIZE and VACUUM, a minute of waiting for them, once a week. */
const maintainMonth = 5 * (60 * gigabyteSecond + 2 * transition + 2 * statement);

/** Four looks a day at six hours of an empty log: half a second, two transitions, and a read of each shard of predictions and outcomes. */
const archiveMonth = 31 * 4 * (0.5 * 1.77 * gigabyteSecond + 2 * transition + 6 * 32 * 0.125e-6);

/** A daily report without predictions: seven statements, three seconds of waiting for them, three transitions. */
const monitorMonth = 31 * (7 * statement + 3 * 1.77 * gigabyteSecond + 3 * transition);

const assembly = synthesize();
const resources = (['Perennial-Data', 'Perennial'] as const).flatMap(stack =>
  Object.values(readTemplate(assembly, stack).Resources),
);

test('every kind of resource has a known idle price', () => {
  expect(resources.map(({ Type }) => Type).filter(type => !(type in idlePrice))).toEqual([]);
});

test('an idle month costs less than a dollar', () => {
  const schedules = resources.filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
  const useCases = schedules.filter(({ Properties }) => Properties.Name.endsWith('-lifecycle')).length;
  const standing = resources.reduce((sum, { Type }) => sum + (idlePrice[Type] ?? 0), 0);
  expect(standing + useCases * (lifecycleMonth + maintainMonth + archiveMonth + monitorMonth)).toBeLessThan(1);
});

test('no key of our own is paid for', () => {
  expect(resources.filter(({ Type }) => Type === 'AWS::KMS::Key')).toEqual([]);
});
