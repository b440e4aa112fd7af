import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Caller, ServiceError } from '../service.ts';
import type { HttpService } from './http-service.ts';
import { readBody } from './json-protocol.ts';
import { xml, xmlDocument } from './xml.ts';

/** Answers an action with the elements of its result. @throws {ServiceError} */
export type QueryAction = (parameters: URLSearchParams, caller: Caller) => readonly (string | false)[];

/** Makes a service that speaks AWS's Query protocol: a form in, XML out. */
export function queryService(namespace: string, actions: Readonly<Record<string, QueryAction>>): HttpService {
  async function handle(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    try {
      const parameters = new URLSearchParams(await readBody(request));
      const name = parameters.get('Action') ?? '';
      const action = actions[name];
      if (!action) throw new ServiceError('InvalidAction', `Could not find operation ${name} for this service`);
      const result = xml(`${name}Result`, action(parameters, caller));
      const metadata = xml('ResponseMetadata', [xml('RequestId', randomUUID())]);
      send(response, 200, xmlDocument(`${name}Response`, namespace, [result, metadata]));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      answerQueryError(response, error, namespace);
    }
  }
  return { handle };
}

/** Answers with an error of the Query protocol. */
export function answerQueryError(
  response: ServerResponse,
  { code, message, status }: ServiceError,
  namespace = '',
): void {
  const error = xml('Error', [xml('Type', 'Sender'), xml('Code', plainCode(code)), xml('Message', message)]);
  send(response, status, xmlDocument('ErrorResponse', namespace, [error, xml('RequestId', randomUUID())]));
}

/** The Query protocol's name of an error has no `Exception` at its end. */
function plainCode(code: string): string {
  return code.replace(/Exception$/, '');
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
