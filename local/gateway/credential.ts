import type { IncomingMessage } from 'node:http';

/** Who signed a request, for which service. */
export interface Credential {
  readonly accessKeyId: string;
  /** Service name of the credential scope, for instance `s3`. */
  readonly service: string;
}

const pattern = /(?:Credential=|X-Amz-Credential=)([^/,\s&%]+)(?:\/|%2F)[^/%]*(?:\/|%2F)[^/%]*(?:\/|%2F)([^/%]+)/;

/** Reads the credential scope of a signed request, or of a presigned address; undefined when it is neither. */
export function readCredential({ headers, url }: IncomingMessage): Credential | undefined {
  const match = pattern.exec(headers.authorization ?? url!);
  return match ? { accessKeyId: match[1]!, service: match[2]! } : undefined;
}
