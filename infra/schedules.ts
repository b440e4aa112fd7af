import { Duration, TimeZone, Validations } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { LifecycleRequest } from '../contracts/tasks.ts';
import type { UseCase } from '../use-cases/define-use-case.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Maintenance } from './maintenance.ts';
import type { Monitoring } from './monitoring.ts';
import type { Outcomes } from './outcomes.ts';
import type { Scoring } from './scoring.ts';

export interface SchedulesProps {
  readonly useCases: readonly UseCase[];
  readonly lifecycle: Lifecycle;
  readonly maintenance: Maintenance;
  readonly outcomes: Outcomes;
  readonly monitoring: Monitoring;
  readonly scoring: Scoring;
  readonly demo: boolean;
}

/** When each use case's machines start by themselves. What could not be started waits in the queue. */
export class Schedules extends Construct {
  readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    { useCases, lifecycle, maintenance, outcomes, monitoring, scoring, demo }: SchedulesProps,
  ) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue of the schedules.',
    });
    const group = new ScheduleGroup(this, 'Group', { scheduleGroupName: 'Perennial' });
    for (const { id: useCase, schedules } of useCases) {
      const request: LifecycleRequest = { useCase, trigger: 'schedule', newBatch: demo };
      const zone = schedules.timeZone;
      this.schedule(`${useCase}-lifecycle`, group, schedules.lifecycle, zone, lifecycle.machine, request);
      this.schedule(`${useCase}-maintain`, group, schedules.maintain, zone, maintenance.machine, { useCase });
      this.schedule(`${useCase}-archive`, group, schedules.archive, zone, outcomes.machine, { useCase });
      this.schedule(`${useCase}-monitor`, group, schedules.monitor, zone, monitoring.machine, { useCase });
      if (schedules.score)
        this.schedule(`${useCase}-score`, group, schedules.score, zone, scoring.machine, { useCase });
    }
  }

  private schedule(
    name: string,
    scheduleGroup: ScheduleGroup,
    expression: string,
    zone: string,
    machine: StateMachine,
    input: object,
  ) {
    new Schedule(this, name, {
      scheduleName: name,
      scheduleGroup,
      schedule: ScheduleExpression.expression(expression, TimeZone.of(zone)),
      target: new StepFunctionsStartExecution(machine, {
        input: ScheduleTargetInput.fromObject(input),
        deadLetterQueue: this.deadLetters,
        maxEventAge: Duration.hours(1),
        retryAttempts: 5,
      }),
    });
  }
}
