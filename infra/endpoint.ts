import { Duration, Lazy, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  type IHttpRouteAuthorizer,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environmentNames } from '../contracts/environment.ts';
import type { DataStack } from './data-stack.ts';
import { AppFunction } from './function.ts';

export interface EndpointProps {
  readonly data: DataStack;
  readonly environment: Readonly<Record<string, string>>;
}

/** Requests a second: of all routes together, and of each that asks for no key, so that nobody without one takes the functions that an account may run. */
const throttles = {
  all: { rateLimit: 1_000, burstLimit: 2_000 },
  open: { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 },
} as const;

/** The HTTP API: predictions for callers, reads for people. */
export class Endpoint extends Construct {
  readonly api: HttpApi;
  readonly predict: AppFunction;
  /** Without a slash at its end. */
  readonly url: string;
  readonly #stage: CfnStage;
  /** Keys of the routes that ask for no key. */
  readonly #open: string[] = [];

  constructor(scope: Construct, id: string, { data, environment }: EndpointProps) {
    super(scope, id);
    const withLog = { ...environment, [environmentNames.predictionsTable]: data.predictions.name };
    this.predict = this.predictFunction(data, withLog);
    const readPrediction = this.readPredictionFunction(data, withLog);
    const readUseCases = this.readFunction(
      'ReadUseCases',
      'use-cases/read',
      'Describes the use cases',
      data,
      environment,
    );
    const readHealth = this.readFunction(
      'ReadHealth',
      'health/read',
      'Tells whether the endpoint is ready',
      data,
      environment,
    );
    const authorizer = this.authorizer(data);

    this.api = new HttpApi(this, 'Api', {
      apiName: 'Perennial',
      createDefaultStage: false,
      defaultAuthorizer: authorizer,
    });
    this.#stage = this.stage();
    this.url = this.api.apiEndpoint;
    this.route(HttpMethod.POST, '/use-cases/{useCase}/predictions', this.predict);
    this.route(HttpMethod.GET, '/use-cases/{useCase}/predictions/{id}', readPrediction);
    this.route(HttpMethod.GET, '/use-cases', readUseCases);
    this.route(HttpMethod.GET, '/use-cases/{useCase}', readUseCases);
    this.route(HttpMethod.GET, '/health', readHealth, new HttpNoneAuthorizer());
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Health tells nothing but readiness, and /openapi.json what the source says anyway: both are open, so that a probe or a client generator needs no key.',
    });
  }

  private predictFunction(data: DataStack, environment: Record<string, string>): AppFunction {
    const predict = new AppFunction(this, 'Predict', {
      entry: 'predictions/create',
      description: 'Answers with a probability and a decision for each instance, and logs them',
      memorySize: 1769,
      environment,
    });
    data.bucket.grantRead(predict, 'models');
    data.registry.grantRead(predict);
    data.predictions.grantAppend(predict);
    return predict;
  }

  private readPredictionFunction(data: DataStack, environment: Record<string, string>): AppFunction {
    const read = new AppFunction(this, 'ReadPrediction', {
      entry: 'predictions/read',
      description: 'Returns one logged prediction',
      environment: {
        ...environment,
        ...data.lake.environment,
      },
    });
    data.predictions.grantRead(read);
    data.lake.grantSelect(read);
    return read;
  }

  private readFunction(
    id: string,
    entry: string,
    description: string,
    data: DataStack,
    environment: Readonly<Record<string, string>>,
  ) {
    const read = new AppFunction(this, id, { entry, description, environment });
    data.bucket.grantRead(read, 'models');
    data.registry.grantRead(read);
    return read;
  }

  private authorizer(data: DataStack): HttpLambdaAuthorizer {
    const authorize = new AppFunction(this, 'Authorize', {
      entry: 'access/authorize',
      description: 'Finds out whose access key a request carries',
      environment: { [environmentNames.registryTable]: data.registry.name },
    });
    data.registry.grantRead(authorize);
    return new HttpLambdaAuthorizer('Authorizer', authorize, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: ['$request.header.Authorization'],
      resultsCacheTtl: Duration.seconds(60),
    });
  }

  /** Lets a function answer a route; what it takes and answers is said in `lambdas/openapi/routes`, which a test compares with what is deployed. */
  route(method: HttpMethod, path: string, handler: AppFunction, authorizer?: IHttpRouteAuthorizer): void {
    const integration = new HttpLambdaIntegration(handler.node.id, handler);
    const routes = this.api.addRoutes({ path, methods: [method], integration, authorizer });
    if (!(authorizer instanceof HttpNoneAuthorizer)) return;
    this.#open.push(`${method} ${path}`);
    // The settings of a route that is not there yet are refused.
    this.#stage.node.addDependency(...routes);
  }

  private stage(): CfnStage {
    const log = new LogGroup(this, 'AccessLog', {
      // Of any other name, each log that API Gateway delivers to takes room in one resource policy of the account, which is short.
      logGroupName: '/aws/vendedlogs/apis/Perennial',
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = this.api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: throttles.all,
      accessLogSettings: { destination: new LogGroupLogDestination(log) },
    });
    const resource = stage.node.defaultChild as CfnStage;
    resource.routeSettings = Lazy.any({
      produce: () => Object.fromEntries(this.#open.map(key => [key, throttles.open])),
    });
    return resource;
  }
}
