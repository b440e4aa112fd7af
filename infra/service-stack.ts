import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import packageJson from '../package.json' with { type: 'json' };
import type { UseCase } from '../use-cases/define-use-case.ts';
import { Alarms } from './alarms.ts';
import { Announcements } from './announcements.ts';
import type { Context } from './context.ts';
import { DataProfile } from './data-profile.ts';
import type { DataStack } from './data-stack.ts';
import { Endpoint } from './endpoint.ts';
import { Lifecycle } from './lifecycle.ts';
import { Maintenance } from './maintenance.ts';
import { Monitoring } from './monitoring.ts';
import { Outcomes } from './outcomes.ts';
import { Reads } from './reads.ts';
import { Release } from './release.ts';
import { Schedules } from './schedules.ts';
import { Scoring } from './scoring.ts';
import { stateMachinePrefix } from './workflow.ts';

export interface ServiceStackProps extends StackProps, Pick<Context, 'demo' | 'largeMemory' | 'alarmEmail'> {
  readonly data: DataStack;
  readonly useCases: readonly UseCase[];
}

/** Everything that acts and holds no state: it may be deleted and deployed again at any time. */
export class ServiceStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { data, useCases, demo, largeMemory, alarmEmail, ...props }: ServiceStackProps,
  ) {
    super(scope, id, props);
    const environment = {
      [environmentNames.bucket]: data.bucket.name,
      [environmentNames.registryTable]: data.registry.name,
      [environmentNames.useCases]: useCases.map(useCase => useCase.id).join(','),
      [environmentNames.build]: packageJson.version,
    };
    const announcements = new Announcements(this, 'Announcements');
    const { bus } = announcements;
    const release = new Release(this, 'Release', { data, environment, bus });
    const lifecycle = new Lifecycle(this, 'Lifecycle', { data, environment, bus, release, demo, largeMemory });
    const maintenance = new Maintenance(this, 'Maintenance', { data, environment });
    const endpoint = new Endpoint(this, 'Endpoint', { data, environment });
    release.answer(endpoint);
    lifecycle.answer(endpoint);
    new Reads(this, 'Reads', { data, environment, endpoint });
    const outcomes = new Outcomes(this, 'Outcomes', { data, environment, endpoint });
    new DataProfile(this, 'DataProfile', { data, environment, endpoint });
    const scoring = new Scoring(this, 'Scoring', { data, environment });
    const monitoring = new Monitoring(this, 'Monitoring', { data, environment, bus, endpoint });
    const schedules = new Schedules(this, 'Schedules', {
      useCases,
      lifecycle,
      maintenance,
      outcomes,
      monitoring,
      scoring,
      demo,
    });
    new Alarms(this, 'Alarms', {
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
    });

    const outputs = {
      Endpoint: endpoint.url,
      StateMachinePrefix: stateMachinePrefix,
      Bucket: data.bucket.name,
      RegistryTable: data.registry.name,
      PredictionsTable: data.predictions.name,
      Database: data.lake.database,
      Workgroup: data.lake.workgroup,
      EventBus: bus.eventBusName,
      UseCases: environment[environmentNames.useCases],
    };
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, `${name}Output`, { value }).overrideLogicalId(name);
    }
  }
}
