import { localAccount } from '../service.ts';
import type { HttpService } from './http-service.ts';
import { queryService } from './query-protocol.ts';
import { xml } from './xml.ts';

/** STS, as far as callers ask who they are. */
export const sts: HttpService = queryService('https://sts.amazonaws.com/doc/2011-06-15/', {
  GetCallerIdentity: (_, { principal }) => [
    xml('Arn', principal),
    xml('UserId', principal.endsWith(':root') ? localAccount : principal.slice(principal.lastIndexOf('/') + 1)),
    xml('Account', localAccount),
  ],
});
