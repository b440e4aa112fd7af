import type { IncomingMessage, ServerResponse } from 'node:http';
import { xml } from '../gateway/xml.ts';
import { ServiceError } from '../service.ts';

/** Answers with an error in S3's own protocol. */
export function answerError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const known =
    error instanceof ServiceError
      ? error
      : error instanceof URIError
        ? new ServiceError('InvalidURI', 'Could not parse the specified URI.')
        : new ServiceError('InternalError', String(error), 500);
  response.writeHead(known.status, { 'content-type': 'application/xml' });
  const fields = Object.entries(known.fields).map(([name, value]) => xml(name, String(value)));
  const body = xml('Error', [xml('Code', known.code), xml('Message', known.message), ...fields]);
  response.end(request.method === 'HEAD' ? undefined : `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}
