import { environmentNames } from '../../contracts/environment.ts';
import { deployedUseCases, loadDeployed } from '../deployed-use-cases.ts';
import { http } from '../http.ts';
import { describeApi } from './document/describe-api.ts';
import { allRoutes } from './routes/all.ts';

const build = process.env[environmentNames.build] ?? 'unknown';

/** `GET /openapi.json`: what this API takes and answers, for machines. */
export const handler = http({}, async () => {
  const loaded = await Promise.all(deployedUseCases().map(loadDeployed));
  return describeApi({ routes: allRoutes, useCases: loaded, build });
});
