import { EventBus, EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { eventSource, eventsForPeople } from '../contracts/events.ts';

/** The bus that is told of every change, for whoever wants to act on it. */
export class Announcements extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: 'Perennial' });
  }

  /** Sends the events that concern people to a topic. */
  tellPeople(topic: ITopic): void {
    const message = RuleTargetInput.fromObject({
      event: EventField.detailType,
      detail: EventField.fromPath('$.detail'),
    });
    new Rule(this, 'ForPeople', {
      description: 'What a person should know',
      eventBus: this.bus,
      eventPattern: { source: [eventSource], detailType: [...eventsForPeople] },
      targets: [new SnsTopic(topic, { message })],
    });
  }
}
