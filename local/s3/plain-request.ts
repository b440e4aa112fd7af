import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { decodeAwsChunked } from './aws-chunked.ts';

/** The request as s3rver takes it: without its signature, which the front has looked at already, and without `aws-chunked`. */
export function plainRequest(request: IncomingMessage): IncomingMessage {
  const { authorization: _, ...signed } = request.headers;
  // An `x-amz-` header tells s3rver that no browser asks.
  const headers: IncomingHttpHeaders = { 'x-amz-date': '', ...signed };
  const source = headers['x-amz-copy-source'];
  // s3rver decodes it as an address, in which `%2B` and the like stand for themselves.
  if (typeof source === 'string') headers['x-amz-copy-source'] = encodeURI(decodeURIComponent(source));
  const url = withoutSignature(request.url!);
  if (!String(headers['x-amz-content-sha256']).startsWith('STREAMING-')) {
    return Object.assign(request, { headers, url });
  }
  headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  headers['content-encoding'] = headers['content-encoding']?.replace(/(^|,\s*)aws-chunked\s*,?\s*/, '');
  if (!headers['content-encoding']) delete headers['content-encoding'];
  const decoded = decodeAwsChunked();
  request.on('error', error => decoded.destroy(error));
  const { method, socket } = request;
  return Object.assign(request.pipe(decoded), { headers, url, method, socket }) as unknown as IncomingMessage;
}

const signatureParameter = /^(X-Amz-|AWSAccessKeyId=|Signature=|Expires=)/;

function withoutSignature(url: string): string {
  const [path, search] = url.split('?', 2) as [string, string?];
  if (search === undefined) return url;
  const rest = search.split('&').filter(parameter => !signatureParameter.test(parameter));
  return rest.length > 0 ? `${path}?${rest.join('&')}` : path;
}
