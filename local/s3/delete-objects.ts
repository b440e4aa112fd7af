import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/json-protocol.ts';
import { xml, xmlDocument } from '../gateway/xml.ts';
import { type Caller, ServiceError } from '../service.ts';
import { checkPath, objectArn } from './operation.ts';

export interface DeleteObjectsRequest {
  readonly bucket: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
}

/** Answers DeleteObjects key by key, as each needs its own permission. */
export async function deleteObjects(
  { bucket, request, response, caller }: DeleteObjectsRequest,
  remove: (key: string) => Promise<void>,
): Promise<void> {
  const body = await readBody(request);
  const isQuiet = /<Quiet>\s*true\s*<\/Quiet>/.test(body);
  const results: (string | false)[] = [];
  for (const [, text] of body.matchAll(/<Key>([\s\S]*?)<\/Key>/g)) {
    const key = unescapeText(text!);
    try {
      checkPath({ bucket, key, source: null });
      caller.require('s3:DeleteObject', objectArn(bucket, key));
      await remove(key);
      results.push(!isQuiet && xml('Deleted', [xml('Key', key)]));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      results.push(xml('Error', [xml('Key', key), xml('Code', error.code), xml('Message', error.message)]));
    }
  }
  response.setHeader('content-type', 'application/xml');
  response.end(xmlDocument('DeleteResult', 'http://s3.amazonaws.com/doc/2006-03-01/', results));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeText(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (entity, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    return hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : (entities[name] ?? entity);
  });
}
