import { HttpMethod, HttpNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { DataStack } from './data-stack.ts';
import type { Endpoint } from './endpoint.ts';
import { AppFunction } from './function.ts';

export interface ReadsProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: Endpoint;
}

/** What the HTTP API tells of the registry, and what it speaks with clients of the Open Inference Protocol. */
export class Reads extends Construct {
  readonly #props: ReadsProps;

  constructor(scope: Construct, id: string, props: ReadsProps) {
    super(scope, id);
    this.#props = props;
    const { endpoint } = props;
    const registry = this.#function('ReadRegistry', 'registry/read', 'Lists versions, runs, experiments and datasets');
    for (const path of [
      'versions',
      'versions/{version}',
      'runs',
      'runs/{id}',
      'experiments',
      'experiments/{id}',
      'datasets',
    ]) {
      endpoint.route(HttpMethod.GET, `/use-cases/{useCase}/${path}`, registry);
    }
    const card = this.#function('ReadCard', 'registry/card', 'Makes the model card of a version', 1769);
    props.data.bucket.grantRead(card, 'datasets');
    endpoint.route(HttpMethod.GET, '/use-cases/{useCase}/versions/{version}/card', card);
    const inference = this.#function('ReadOpenInference', 'open-inference/read', 'Describes use cases as models');
    endpoint.route(HttpMethod.GET, '/v2', inference);
    for (const path of ['live', 'ready']) {
      endpoint.route(HttpMethod.GET, `/v2/health/${path}`, inference, new HttpNoneAuthorizer());
    }
    for (const model of ['/v2/models/{useCase}', '/v2/models/{useCase}/versions/{version}']) {
      endpoint.route(HttpMethod.GET, model, inference);
      endpoint.route(HttpMethod.GET, `${model}/ready`, inference);
      endpoint.route(HttpMethod.POST, `${model}/infer`, endpoint.predict);
    }
    const description = new AppFunction(this, 'ReadOpenApi', {
      entry: 'openapi/read',
      description: 'Describes the HTTP API for machines',
      environment: props.environment,
    });
    endpoint.route(HttpMethod.GET, '/openapi.json', description, new HttpNoneAuthorizer());
  }

  #function(id: string, entry: string, description: string, memorySize?: number): AppFunction {
    const { data, environment } = this.#props;
    const read = new AppFunction(this, id, { entry, description, environment, memorySize });
    data.registry.grantRead(read);
    data.bucket.grantRead(read, 'models');
    return read;
  }
}
