import { environmentNames } from '../../contracts/environment.ts';
import type { LoggedPrediction } from '../../contracts/http.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { lookUpPrediction } from '../../lifecycle/predictions/look-up-prediction.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { http } from '../http.ts';

const services = {
  predictions: connectTable(requiredVariable(environmentNames.predictionsTable)),
  athena: connectDeployedAthena(),
  clock: readClock(),
};

/** `GET /use-cases/{useCase}/predictions/{id}`: one logged prediction, however old. */
export const handler = http({ scope: 'view' }, async ({ parameters }): Promise<LoggedPrediction> => {
  const useCase = await loadDeployed(parameters.useCase);
  return lookUpPrediction(services, useCase, parameters.id ?? '');
});
