import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { AppFunction } from './function.ts';

export interface DataProfileProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: Endpoint;
}

/** Tells what the observations of a use case look like. */
export class DataProfile extends Construct {
  constructor(scope: Construct, id: string, { data, environment, endpoint }: DataProfileProps) {
    super(scope, id);
    const read = new AppFunction(this, 'ReadProfile', {
      entry: 'datasets/profile',
      description: 'Describes the observations of a use case, feature by feature',
      environment: {
        ...environment,
        ...data.lake.environment,
      },
    });
    data.lake.grantSelect(read);
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/profile', read);
  }
}
