import { nextRun } from '../../local/scheduler/next-run.ts';
import { type Resource, readTemplate, synthesize } from '../synthesize.ts';

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

/** Price of a run that finds nothing to do, by the last word of its schedule's name. */
const idleRun: Readonly<Record<string, number>> = {
  // One second of ingest and three transitions.
  lifecycle: 1.77 * gigabyteSecond + 3 * transition,
  // OPTIMIZE and VACUUM of five tables, a minute of waiting for them.
  maintain: 60 * gigabyteSecond + 2 * transition + 5 * 2 * statement,
  // Six hours of an empty log: half a second, two transitions, and a read of each shard of predictions and outcomes.
  archive: 0.5 * 1.77 * gigabyteSecond + 2 * transition + 6 * 32 * 0.125e-6,
  // A report without predictions: seven statements, three seconds of waiting for them, three transitions.
  monitor: 7 * statement + 3 * 1.77 * gigabyteSecond + 3 * transition,
  // Two statements that find no new row, two seconds of waiting for them, three transitions.
  score: 2 * statement + 2 * 1.77 * gigabyteSecond + 3 * transition,
};

const assembly = synthesize();
const resources = (['Perennial-Data', 'Perennial'] as const).flatMap(stack =>
  Object.values(readTemplate(assembly, stack).Resources),
);

test('every kind of resource has a known idle price', () => {
  expect(resources.map(({ Type }) => Type).filter(type => !(type in idlePrice))).toEqual([]);
});

test('an idle month of all use cases costs less than a dollar', () => {
  const schedules = resources.filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
  const runs = schedules.reduce(
    (sum, { Properties }) => sum + idleRun[lastWord(Properties.Name)]! * countRuns(Properties),
    0,
  );
  const standing = resources.reduce((sum, { Type }) => sum + (idlePrice[Type] ?? 0), 0);
  expect(standing + runs).toBeLessThan(1);
});

test('no key of our own is paid for', () => {
  expect(resources.filter(({ Type }) => Type === 'AWS::KMS::Key')).toEqual([]);
});

function lastWord(name: string): string {
  return name.split('-').at(-1)!;
}

/** Runs in a month of 31 days. */
function countRuns({ ScheduleExpression: expression, ScheduleExpressionTimezone: timeZone }: Resource['Properties']) {
  const since = new Date('2026-12-01T00:00:00Z');
  const end = new Date('2027-01-01T00:00:00Z');
  let runs = 0;
  for (let run = nextRun({ expression, timeZone, since }, since); run && run < end; runs++) {
    run = nextRun({ expression, timeZone, since }, run);
  }
  return runs;
}
