import { Logger } from '@aws-lambda-powertools/logger';
import type {
  APIGatewayRequestAuthorizerEventV2,
  APIGatewaySimpleAuthorizerWithContextResult,
  Context,
} from 'aws-lambda';
import { environmentNames } from '../../contracts/environment.ts';
import { verifyAccessKey } from '../../lifecycle/access/access-keys.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import type { AuthorizerContext } from '../http.ts';

const logger = new Logger({ serviceName: 'perennial' });
const registry = connectTable(requiredVariable(environmentNames.registryTable));
const clock = readClock();

type Decision = APIGatewaySimpleAuthorizerWithContextResult<Partial<AuthorizerContext>>;

/** Says whose access key `Authorization: Bearer …` carries. Which routes it opens each route decides, as this answer is cached for all of them. */
export async function handler(event: APIGatewayRequestAuthorizerEventV2, context: Context): Promise<Decision> {
  logger.addContext(context);
  const key = /^Bearer +(\S+)$/i.exec(event.headers?.authorization ?? '')?.[1];
  const accessKey = key === undefined ? undefined : await verifyAccessKey({ registry, clock }, key);
  if (!accessKey) {
    logger.info('Access key refused', { requestId: event.requestContext.requestId });
    return { isAuthorized: false, context: {} };
  }
  return { isAuthorized: true, context: { keyId: accessKey.keyId, scopes: accessKey.scopes } };
}
