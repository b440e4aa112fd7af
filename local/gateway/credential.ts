import type { IncomingMessage } from 'node:http';

/** Who signed a request, for which service. */
export interface Credential {
  readonly accessKeyId: string;
  /** Service name of the credential scope, for instance `s3`. */
  readonly service: string;
}

const pattern = /(?:Credential=|X-Amz-Credential=)([^/,\s&%]+)(?:\/|%2F)[^/%]*(?:\/|%2F)[^/%]*(?:\/|%2F)([^/%]+)/;

/** How addresses were presigned before signature version 4, and by some clients still are: of S3 alone. */
const oldPattern = /[?&]AWSAccessKeyId=([^&]+)/;

/** Reads the credential scope of a signed request, or of a presigned address; undefined when it is neither. */
export function readCredential({ headers, url }: IncomingMessage): Credential | undefined {
  const match = pattern.exec(headers.authorization ?? url!);
  if (match) return { accessKeyId: match[1]!, service: match[2]! };
  const old = oldPattern.exec(url!);
  return old ? { accessKeyId: old[1]!, service: 's3' } : undefined;
}
