import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Announcements } from './announcements.ts';
import type { Endpoint } from './endpoint.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Maintenance } from './maintenance.ts';
import type { Monitoring } from './monitoring.ts';
import type { Outcomes } from './outcomes.ts';
import type { Release } from './release.ts';
import type { Schedules } from './schedules.ts';

export interface AlarmsProps {
  readonly announcements: Announcements;
  readonly release: Release;
  readonly lifecycle: Lifecycle;
  readonly maintenance: Maintenance;
  readonly outcomes: Outcomes;
  readonly monitoring: Monitoring;
  readonly endpoint: Endpoint;
  readonly schedules: Schedules;
  /** @default - nobody is told; subscribe to the topic */
  readonly alarmEmail?: string;
}

/** What wakes a person, through one topic. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    {
      announcements,
      release,
      lifecycle,
      maintenance,
      outcomes,
      monitoring,
      endpoint,
      schedules,
      alarmEmail,
    }: AlarmsProps,
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (alarmEmail) this.topic.addSubscription(new EmailSubscription(alarmEmail));

    const minutes = { period: Duration.minutes(5), statistic: 'Sum' };
    this.tellOfFailures([lifecycle, maintenance, outcomes, monitoring, release]);
    const endpointAlarms = [
      this.alarm('EndpointErrors', 'The endpoint answered with 5xx', endpoint.api.metricServerError(minutes)),
      this.alarm('PredictErrors', 'The predict function crashed or timed out', endpoint.predict.metricErrors(minutes)),
    ];
    this.rollBackOn(endpointAlarms, release);
    announcements.tellPeople(this.topic);
    this.alarm(
      'ScheduleDeadLetters',
      'A schedule could not start its state machine',
      schedules.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
    );
  }

  /** Alarms as soon as the metric is one or more in a period. */
  private alarm(id: string, alarmDescription: string, metric: IMetric): Alarm {
    const alarm = new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }

  /** Tells of every execution that failed or timed out. A rule costs nothing, an alarm on each machine would. */
  private tellOfFailures(workflows: readonly { readonly machine: StateMachine }[]): void {
    const field = (name: string) => EventField.fromPath(`$.detail.${name}`);
    new Rule(this, 'ExecutionFailed', {
      description: 'Executions that failed or timed out',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT'],
          stateMachineArn: workflows.map(({ machine }) => machine.stateMachineArn),
        },
      },
      targets: [
        new SnsTopic(this.topic, {
          message: RuleTargetInput.fromText(`${field('executionArn')} ${field('status')}: ${field('cause')}`),
        }),
      ],
    });
  }

  /** Takes back what is new as soon as one of the alarms is raised. */
  private rollBackOn(alarms: readonly Alarm[], { rollBackOnAlarm }: Release): void {
    new Rule(this, 'RollBackOnAlarm', {
      description: 'What is new leaves when the endpoint fails',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: alarms.map(({ alarmArn }) => alarmArn),
        detail: { state: { value: ['ALARM'] } },
      },
      targets: [new LambdaFunction(rollBackOnAlarm, { retryAttempts: 3 })],
    });
  }
}
