import { Aws, Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { faultsMetric, metricsOwner } from '../contracts/metrics.ts';
import type { Announcements } from './announcements.ts';
import type { Endpoint } from './endpoint.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Maintenance } from './maintenance.ts';
import type { Monitoring } from './monitoring.ts';
import type { Outcomes } from './outcomes.ts';
import type { Release } from './release.ts';
import type { Schedules } from './schedules.ts';
import type { Scoring } from './scoring.ts';

export interface AlarmsProps {
  readonly announcements: Announcements;
  readonly release: Release;
  readonly lifecycle: Lifecycle;
  readonly maintenance: Maintenance;
  readonly outcomes: Outcomes;
  readonly monitoring: Monitoring;
  readonly scoring: Scoring;
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
      scoring,
      endpoint,
      schedules,
      alarmEmail,
    }: AlarmsProps,
  ) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    this.letAlarmsPublish();
    if (alarmEmail) this.topic.addSubscription(new EmailSubscription(alarmEmail));

    const minutes = { period: Duration.minutes(5), statistic: 'Sum' };
    this.tellOfFailures([lifecycle, maintenance, outcomes, monitoring, scoring, release]);
    this.alarm('EndpointErrors', 'The endpoint answered with 5xx', endpoint.api.metricServerError(minutes));
    const faults = new Metric({
      namespace: metricsOwner.namespace,
      metricName: faultsMetric,
      dimensionsMap: { service: metricsOwner.service },
      ...minutes,
    });
    this.rollBackOn(
      [
        this.alarm(
          'PredictErrors',
          'The predict function crashed or timed out',
          endpoint.predict.metricErrors(minutes),
        ),
        this.alarm('PredictFaults', 'Requests for predictions failed', faults),
      ],
      release,
    );
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

  /** A topic with a policy of its own lacks the usual one, by which whatever belongs to the account may publish. */
  private letAlarmsPublish(): void {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
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
        // Whole, as EventBridge escapes nothing that it puts into a text, and most causes are JSON.
        new SnsTopic(this.topic, { message: RuleTargetInput.fromEventPath('$.detail') }),
      ],
    });
  }

  /** Takes back what is new as soon as one of the alarms is raised: none that a slow report or a use case without a model may raise. */
  private rollBackOn(alarms: readonly Alarm[], { rollBackOnAlarm }: Release): void {
    new Rule(this, 'RollBackOnAlarm', {
      description: 'What is new leaves when predictions fail',
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
