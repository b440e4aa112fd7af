import { environmentNames } from '../../contracts/environment.ts';
import type { LoggedPrediction } from '../../contracts/http.ts';
import { readPrediction } from '../../lifecycle/predictions/prediction-log.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { http } from '../http.ts';

const useCases = requiredVariable(environmentNames.useCases).split(',');
const predictions = connectTable(requiredVariable(environmentNames.predictionsTable));

/** `GET /use-cases/{useCase}/predictions/{id}`: one logged prediction. */
export const handler = http({ scope: 'view' }, async ({ parameters }): Promise<LoggedPrediction> => {
  const { id } = await loadUseCase(parameters.useCase ?? '', useCases);
  return readPrediction(predictions, id, parameters.id ?? '');
});
