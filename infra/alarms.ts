import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Endpoint } from './endpoint.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Maintenance } from './maintenance.ts';
import type { Schedules } from './schedules.ts';

export interface AlarmsProps {
  readonly lifecycle: Lifecycle;
  readonly maintenance: Maintenance;
  readonly endpoint: Endpoint;
  readonly schedules: Schedules;
  /** @default - nobody is told; subscribe to the topic */
  readonly alarmEmail?: string;
}

/** What wakes a person, through one topic. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { lifecycle, maintenance, endpoint, schedules, alarmEmail }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (alarmEmail) this.topic.addSubscription(new EmailSubscription(alarmEmail));

    const hour = { period: Duration.hours(1), statistic: 'Sum' };
    const minutes = { period: Duration.minutes(5), statistic: 'Sum' };
    this.alarm(
      'LifecycleFailed',
      'A lifecycle execution failed; the champion still answers',
      lifecycle.machine.metricFailed(hour),
    );
    this.alarm(
      'LifecycleTimedOut',
      'A lifecycle execution timed out; the champion still answers',
      lifecycle.machine.metricTimedOut(hour),
    );
    this.alarm(
      'MaintenanceFailed',
      'Compaction or expiry failed; the tables grow',
      maintenance.machine.metricFailed(hour),
    );
    this.alarm('EndpointErrors', 'The endpoint answered with 5xx', endpoint.api.metricServerError(minutes));
    this.alarm('PredictErrors', 'The predict function crashed or timed out', endpoint.predict.metricErrors(minutes));
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
  private alarm(id: string, alarmDescription: string, metric: IMetric): void {
    const alarm = new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }
}
