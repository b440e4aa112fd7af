import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { AppFunction } from './function.ts';

export interface OutcomesProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: Endpoint;
}

/** Takes the true labels of earlier predictions and observations. */
export class Outcomes extends Construct {
  constructor(scope: Construct, id: string, { data, environment, endpoint }: OutcomesProps) {
    super(scope, id);
    const receive = new AppFunction(this, 'ReceiveOutcomes', {
      entry: 'outcomes/create',
      description: 'Keeps true labels, and says of each what became of it',
      environment: {
        ...environment,
        [environmentNames.predictionsTable]: data.predictions.name,
        [environmentNames.database]: data.lake.database,
        [environmentNames.workgroup]: data.lake.workgroup,
      },
    });
    data.predictions.grantLookUp(receive);
    data.predictions.grantAppend(receive);
    data.lake.grantSelect(receive);
    endpoint.route(HttpMethod.POST, '/use-cases/{useCase}/outcomes', receive);
  }
}
