import { environmentNames } from '../../contracts/environment.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { http } from '../http.ts';
import { describeApi } from './document/describe-api.ts';
import { allRoutes } from './routes/all.ts';

const useCases = requiredVariable(environmentNames.useCases).split(',');
const build = process.env[environmentNames.build] ?? 'unknown';

/** `GET /openapi.json`: what this API takes and answers, for machines. */
export const handler = http({}, async () => {
  const loaded = await Promise.all(useCases.map(id => loadUseCase(id, useCases)));
  return describeApi({ routes: allRoutes, useCases: loaded, build });
});
