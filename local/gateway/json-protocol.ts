import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Caller, type JsonService, ServiceError } from '../service.ts';

/** Answers a call of AWS's JSON protocol, errors included. */
export async function answerJson(
  services: Readonly<Record<string, JsonService>>,
  target: string,
  caller: Caller | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const contentType = request.headers['content-type'] ?? 'application/x-amz-json-1.0';
  try {
    const body = await readBody(request);
    if (!caller) {
      throw new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    const [prefix, action] = target.split('.') as [string, string];
    const service = services[prefix];
    if (!service) throw new ServiceError('UnknownOperationException', `No embedded service answers ${target}`);
    send(response, 200, contentType, await service.handle(action, parse(body), caller));
  } catch (error) {
    const known =
      error instanceof ServiceError
        ? error
        : new ServiceError(
            'InternalFailure',
            error instanceof Error ? (error.stack ?? error.message) : String(error),
            500,
          );
    const { code, message, status, fields } = known;
    send(response, status, contentType, { __type: code, message, ...fields });
  }
}

/** The largest body that any of the services takes, in bytes. */
const bodyLimit = 16 * 1024 * 1024;

/** Reads a body whole. @throws {ServiceError} when it is too large */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit)
      throw new ServiceError('RequestEntityTooLarge', `The body has more than ${bodyLimit} bytes`, 413);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    return body === '' ? {} : JSON.parse(body);
  } catch (error) {
    throw new ServiceError('SerializationException', `The body is not JSON: ${(error as Error).message}`);
  }
}

function send(response: ServerResponse, status: number, contentType: string, output: object): void {
  const body = JSON.stringify(output);
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
