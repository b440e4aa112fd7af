import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { FunctionError } from '../lambda/function-error.ts';
import type { Lambda, LambdaFunction } from '../lambda/lambda.ts';
import { type Caller, ServiceError } from '../service.ts';
import type { HttpService } from './http-service.ts';
import { readBody } from './json-protocol.ts';

/** Lambda's own API, as far as functions are listed, described and invoked. */
export function lambdaApi(lambda: Lambda): HttpService {
  return {
    async handle(request, response, caller) {
      try {
        await route(lambda, request, response, caller);
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        response.setHeader('x-amzn-errortype', error.code);
        send(response, error.status, JSON.stringify({ Type: 'User', Message: error.message }));
      }
    },
  };
}

async function route(
  lambda: Lambda,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
): Promise<void> {
  const [path] = request.url!.split('?') as [string];
  const [, name, rest = ''] = /^\/2015-03-31\/functions\/?([^/]*)\/?(.*)$/.exec(path) ?? [];
  if (name === undefined) throw new ServiceError('UnknownOperationException', `Lambda has no ${path} here`, 404);
  if (name === '') {
    caller.require('lambda:ListFunctions', '*');
    return send(response, 200, JSON.stringify({ Functions: lambda.functions.map(configuration) }));
  }
  const found = find(lambda, decodeURIComponent(name));
  if (rest === 'invocations') return invoke(lambda, found, request, response, caller);
  caller.require('lambda:GetFunction', found.arn);
  const body = rest === 'configuration' ? configuration(found) : { Configuration: configuration(found) };
  return send(response, 200, JSON.stringify(body));
}

function find({ functions }: Lambda, name: string): LambdaFunction {
  const found = functions.find(definition => [definition.name, definition.arn, definition.label].includes(name));
  if (found) return found;
  throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, 404);
}

async function invoke(
  lambda: Lambda,
  { arn }: LambdaFunction,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
): Promise<void> {
  caller.require('lambda:InvokeFunction', arn);
  const payload = (await readBody(request)) || '{}';
  response.setHeader('x-amzn-requestid', randomUUID());
  response.setHeader('x-amz-executed-version', '$LATEST');
  if (request.headers['x-amz-invocation-type'] === 'Event') {
    // Nobody waits for the answer; how it went stands in the function's log.
    void lambda.invoke(arn, payload).catch(() => {});
    return send(response, 202, '');
  }
  try {
    send(response, 200, await lambda.invoke(arn, payload));
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    response.setHeader('x-amz-function-error', 'Unhandled');
    send(response, 200, JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: error.trace }));
  }
}

function configuration({ name, arn, handler, memorySizeMb, timeoutSeconds, variables }: LambdaFunction): object {
  return {
    FunctionName: name,
    FunctionArn: arn,
    Runtime: 'nodejs24.x',
    Handler: handler,
    MemorySize: memorySizeMb,
    Timeout: timeoutSeconds,
    Environment: { Variables: variables },
    State: 'Active',
    LastModified: '2026-01-01T00:00:00.000+0000',
  };
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
