import { eventsForPeople } from '../../contracts/events.ts';
import { type Resource, readTemplate, synthesize } from '../synthesize.ts';

const resources = Object.entries(readTemplate(synthesize(), 'Perennial').Resources);
const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);

test('endpoint errors and dead letters raise an alarm that reaches the topic', () => {
  const alarms = ofType('AWS::CloudWatch::Alarm');
  expect(alarms.map(([, { Properties }]) => Properties.MetricName).sort()).toEqual([
    '5xx',
    'ApproximateNumberOfMessagesVisible',
    'Errors',
    'Faults',
  ]);
  expect(alarms.every(([, { Properties }]) => Properties.AlarmActions.length === 1)).toBe(true);
});

test('alarms and events may publish to the topic, and only over TLS', () => {
  const [[, policy]] = ofType('AWS::SNS::TopicPolicy') as [[string, Resource]];
  const publishers = policy.Properties.PolicyDocument.Statement.filter(
    ({ Effect, Action }: Resource['Properties']) => Effect === 'Allow' && Action === 'sns:Publish',
  ).map(({ Principal }: Resource['Properties']) => Principal.Service);
  expect(new Set(publishers)).toEqual(new Set(['cloudwatch.amazonaws.com', 'events.amazonaws.com']));
  expect(policy.Properties.PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
  );
});

test('no message to people puts what an event says into a text, where nothing escapes it', () => {
  const targets = ofType('AWS::Events::Rule').flatMap(([, { Properties }]) => Properties.Targets);
  const templates = targets.flatMap(({ InputTransformer }) => InputTransformer?.InputTemplate ?? []);
  expect(templates).toHaveLength(1);
  for (const template of templates) {
    const values = template.replaceAll(/<[\w-]+>/g, 'null');
    expect(Object.values(JSON.parse(values)).every(value => value === null)).toBe(true);
  }
});

test('executions that fail or time out are told to the topic', () => {
  const [failed] = ofType('AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties.EventPattern.source[0] === 'aws.states',
  );
  const { EventPattern, Targets } = failed![1].Properties;
  expect(EventPattern.detail).toMatchObject({ status: ['FAILED', 'TIMED_OUT'], stateMachineArn: { length: 6 } });
  expect(Targets).toMatchObject([{ Arn: { Ref: expect.stringContaining('AlarmsTopic') }, InputPath: '$.detail' }]);
});

test('failing predictions take back what is new, failing reads do not', () => {
  const rules = ofType('AWS::Events::Rule').map(([, { Properties }]) => Properties);
  const [onAlarm] = rules.filter(({ EventPattern }) => EventPattern.source[0] === 'aws.cloudwatch');
  expect(onAlarm!.EventPattern).toMatchObject({
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { state: { value: ['ALARM'] } },
    resources: ['PredictErrors', 'PredictFaults'].map(name => ({
      'Fn::GetAtt': [expect.stringContaining(name), 'Arn'],
    })),
  });
  expect(JSON.stringify(onAlarm!.Targets)).toContain('RollBackOnAlarm');
});

test('what concerns people goes from the bus to the topic', () => {
  const [forPeople] = ofType('AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties.EventPattern.source[0] === 'perennial',
  );
  const { EventPattern, Targets } = forPeople![1].Properties;
  expect(EventPattern['detail-type']).toEqual(eventsForPeople);
  expect(JSON.stringify(Targets)).toContain('AlarmsTopic');
});
