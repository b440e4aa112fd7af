import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3 } from '../s3/s3.ts';
import { type Caller, type JsonService, ServiceError } from '../service.ts';
import { readCredential } from './credential.ts';
import { answerJson } from './json-protocol.ts';
import { xml } from './xml.ts';

/** A service that answers requests as they come: its protocol is its own. */
export interface HttpService {
  handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void>;
}

export interface GatewayOptions {
  /** 0: any free one. */
  readonly port: number;
  /** The services of AWS's JSON protocol, by the prefix of `X-Amz-Target`. */
  readonly services: Readonly<Record<string, JsonService>>;
  readonly s3: S3;
  /** Other services, by the service name of the credential scope: `cloudformation`, `sts`, `lambda`. */
  readonly others?: Readonly<Record<string, HttpService>>;
  /** The caller behind an access key id, for one request; undefined when nobody has it. */
  identify(accessKeyId: string, request: IncomingMessage, response: ServerResponse): Caller | undefined;
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
  return { endpoint: `http://127.0.0.1:${await listen(server, port)}`, stop: () => close(server) };
}

/** Thrown when another program listens on the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError';

  constructor(port: number, options?: ErrorOptions) {
    super(`Port ${port} on 127.0.0.1 is in use by another program; choose another port or end that program`, options);
  }
}

/** Listens on loopback and returns the port. @throws {PortInUseError} */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, { cause: error }) : error),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Takes no more requests and ends the connections. */
export async function close(server: Server): Promise<void> {
  await new Promise<void>(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function answer(
  { services, s3, others = {}, identify }: Omit<GatewayOptions, 'port'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const credential = readCredential(request);
  const target = request.headers['x-amz-target'] as string | undefined;
  const caller = credential && identify(credential.accessKeyId, request, response);
  if (target) return answerJson(services, target, caller, request, response);
  if (!caller) return answerUnknownCaller(response, credential !== undefined);
  const other = others[credential.service];
  return other ? other.handle(request, response, caller) : s3.handle(virtualHostPath(request), response, caller);
}

/** `bucket.localhost/key` is `localhost/bucket/key`. */
function virtualHostPath(request: IncomingMessage): IncomingMessage {
  const bucket = /^(.+)\.localhost(:\d+)?$/.exec(request.headers.host ?? '')?.[1];
  if (bucket) request.url = `/${bucket}${request.url}`;
  return request;
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
