import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { close, listen } from '../loopback.ts';
import { type Caller, type JsonService, ServiceError } from '../service.ts';
import { type Credential, readCredential } from './credential.ts';
import type { HttpService } from './http-service.ts';
import { answerJson } from './json-protocol.ts';
import { answerQueryError } from './query-protocol.ts';
import { xml } from './xml.ts';

export interface GatewayOptions {
  /** 0: any free one. */
  readonly port: number;
  /** The services of AWS's JSON protocol, by the prefix of `X-Amz-Target`. */
  readonly services: Readonly<Record<string, JsonService>>;
  readonly s3: HttpService;
  /** Answers a request that nobody signed, if it is one of its own. @default - there is none */
  unsigned?(request: IncomingMessage, response: ServerResponse): boolean;
  /** Other services, by the service name of the credential scope: `cloudformation`, `sts`, `lambda`. */
  readonly others?: Readonly<Record<string, HttpService>>;
  /** The caller behind an access key id, for one request; undefined when nobody has it. */
  identify(accessKeyId: string, response: ServerResponse): Caller | undefined;
}

export interface Gateway {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts the one port on which all services answer, on loopback.
 *
 * @throws {PortInUseError}
 */
export async function startGateway({ port, ...options }: GatewayOptions): Promise<Gateway> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch(error => answerFailure(response, error));
  });
  // A client must never find that a kept connection was closed just as it used it.
  server.keepAliveTimeout = 600_000;
  server.requestTimeout = 0;
  return { endpoint: await listen(server, port), stop: () => close(server) };
}

async function answer(
  { services, s3, others = {}, identify, unsigned }: Omit<GatewayOptions, 'port'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const credential = readCredential(request);
  if (!credential && unsigned?.(request, response)) return;
  const target = request.headers['x-amz-target'] as string | undefined;
  const caller = credential && identify(credential.accessKeyId, response);
  if (target) return answerJson(services, target, caller, request, response);
  const other = credential && others[credential.service];
  if (credential && !other && credential.service !== 's3') return answerUnknownService(request, response, credential);
  if (!caller)
    return other ? answerQueryError(response, unknownToken()) : answerUnknownCaller(response, credential !== undefined);
  return other ? other.handle(request, response, caller) : s3.handle(virtualHostPath(request), response, caller);
}

/** `bucket.localhost/key` is `localhost/bucket/key`. */
function virtualHostPath(request: IncomingMessage): IncomingMessage {
  const bucket = /^(.+)\.localhost(:\d+)?$/.exec(request.headers.host ?? '')?.[1];
  if (bucket) request.url = `/${bucket}${request.url}`;
  return request;
}

/** A form is a call of the Query protocol; what else is signed for another service than S3 is one of the REST protocols. */
function answerUnknownService(request: IncomingMessage, response: ServerResponse, { service }: Credential): void {
  const error = new ServiceError('UnknownOperationException', `No embedded service answers for "${service}"`, 400);
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) throw error;
  answerQueryError(response, error);
}

function unknownToken(): ServiceError {
  return new ServiceError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
}

function answerUnknownCaller(response: ServerResponse, isSigned: boolean): void {
  const error = isSigned
    ? [
        xml('Code', 'InvalidAccessKeyId'),
        xml('Message', 'The AWS Access Key Id you provided does not exist in our records.'),
      ]
    : [xml('Code', 'AccessDenied'), xml('Message', 'Access Denied')];
  response.writeHead(403, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml('Error', error)}`);
}

function answerFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message, status } =
    error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), 500);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ __type: code, message }));
}
