import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundle } from './bundle.ts';

export interface AppFunctionProps {
  /** Path below `lambdas/`, without `.ts`. */
  readonly entry: string;
  /** Name of the export that answers. @default 'handler' */
  readonly handler?: string;
  readonly description: string;
  /** In MB; processor time grows with it. @default 1024 */
  readonly memorySize?: number;
  /** @default - 30 seconds */
  readonly timeout?: Duration;
  readonly environment: Readonly<Record<string, string>>;
}

/** A Lambda function with this app's defaults. Its role may write its own log and nothing else until something is granted. */
export class AppFunction extends LambdaFunction {
  constructor(
    scope: Construct,
    id: string,
    { entry, handler = 'handler', memorySize = 1024, timeout = Duration.seconds(30), ...props }: AppFunctionProps,
  ) {
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(scope, `${id}Log`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    super(scope, id, {
      ...props,
      role,
      logGroup,
      memorySize,
      timeout,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `index.${handler}`,
      code: bundle(entry),
      loggingFormat: LoggingFormat.JSON,
    });
    logGroup.grantWrite(role);
  }
}
