import { environmentNames } from '../../contracts/environment.ts';
import type { HealthResponse } from '../../contracts/http.ts';
import { healthOf, readReadiness } from '../../lifecycle/inference/readiness.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { deployedUseCases } from '../deployed-use-cases.ts';
import { http, logger } from '../http.ts';

const useCases = deployedUseCases();
const registry = connectTable(requiredVariable(environmentNames.registryTable));
const objects = connectObjects(requiredVariable(environmentNames.bucket));
const build = process.env[environmentNames.build] ?? 'unknown';

/** `GET /health`: which code is deployed and which models are there to answer. */
export const handler = http({}, async (): Promise<HealthResponse> => {
  const models = await readReadiness({ registry, objects, onUnreadable }, useCases);
  return { status: healthOf(models), build, models };
});

function onUnreadable(useCase: string, error: unknown): void {
  logger.error('Readiness not readable', { useCase, error: error as Error });
}
