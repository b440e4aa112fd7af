import { join } from 'node:path';
import { createFaults, type Faults, faultsVariable, readFaultRules } from './faults.ts';
import { readFunctions } from './functions.ts';
import { lambdaApi } from './gateway/lambda-api.ts';
import type { Front, Ground } from './ground.ts';
import { startHttpApi } from './http-api/http-api.ts';
import { type Api, readApi } from './http-api/routes.ts';
import { createLambda, type Lambda } from './lambda/lambda.ts';
import type { Deployment } from './template/deployment.ts';
import { TemplateError } from './template/intrinsics.ts';

/** The functions while they run. */
export interface RunningFunctions {
  readonly lambda: Lambda;
  /** Absent where no rule asks for any. */
  readonly faults: Faults | undefined;
  /** Where the HTTP API answers, without a slash at its end. */
  readonly apiUrl: string;
}

/** Starts the functions of a deployment, and the HTTP API before them. @throws {PortInUseError} @throws {TemplateError} unless there is one HTTP API */
export async function startFunctions(ground: Ground, { endpoint, others }: Front): Promise<RunningFunctions> {
  const { deployment, iam, apiPort, stateFolder, clockVariables, callers, onStop } = ground;
  const apiResource = onlyApi(deployment);
  const api = readApi(deployment, apiResource);
  const server = await startHttpApi({
    api,
    port: apiPort,
    invoke: async (arn, payload) => JSON.parse(await lambda.invoke(arn, JSON.stringify(payload))),
    now: () => new Date(),
  });
  const running: { stop(): Promise<void> }[] = [server];
  onStop(async () => {
    for (const part of running) await part.stop();
  });
  deployment.provide(apiResource, { ApiEndpoint: server.url });

  const functions = readFunctions(deployment, answeringFunctions(api));
  const logFolder = join(stateFolder, 'logs');
  const lambda = createLambda({ functions, endpoint, logFolder, variables: clockVariables });
  running.push(lambda);
  others.lambda = lambdaApi(lambda);
  for (const { name, label, roleArn, credentials } of functions) {
    callers.add(credentials.accessKeyId, label, iam.assume(roleArn, name));
  }
  const faults = readFaults(lambda);
  callers.expose(faults);
  return { lambda, faults, apiUrl: server.url };
}

function onlyApi(deployment: Deployment) {
  const [api, ...others] = deployment.ofType('AWS::ApiGatewayV2::Api');
  if (api && others.length === 0) return api;
  throw new TemplateError(`The embedded cloud runs one HTTP API; the template has ${others.length + (api ? 1 : 0)}`);
}

/** ARNs of the functions whose answer a caller of the API waits for. */
function answeringFunctions({ routes }: Api): Set<string> {
  return new Set(
    routes.flatMap(({ functionArn, authorizer }) => [functionArn, ...(authorizer ? [authorizer.functionArn] : [])]),
  );
}

function readFaults(lambda: Lambda): Faults | undefined {
  const rules = readFaultRules(process.env[faultsVariable]);
  if (!rules) return undefined;
  return createFaults(rules, label => {
    const struck = lambda.functions.find(definition => definition.label === label);
    if (struck) lambda.crash(struck.name);
  });
}
