import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { environmentNames } from '../../contracts/environment.ts';
import type { PredictResponse } from '../../contracts/http.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { createPredictor } from '../../lifecycle/inference/predict.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { http, logger } from '../http.ts';

const useCases = requiredVariable(environmentNames.useCases).split(',');
const metrics = new Metrics({ namespace: 'Perennial', serviceName: 'perennial' });
const predictor = createPredictor({
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  predictions: connectTable(requiredVariable(environmentNames.predictionsTable), { attempts: 2 }),
  clock: readClock(),
  onRefreshFailed(useCase, error) {
    count('RoutingsNotRefreshed', useCase, 1);
    logger.warn('Routing not refreshed', { useCase, error: error as Error });
  },
  onVariantFailed(useCase, error) {
    count('VariantsFailed', useCase, 1);
    logger.error('Variant failed, the champion answered', error);
  },
  onLogFailed(useCase, error) {
    count('PredictionsNotLogged', useCase, error.predictions.length);
    logger.error('Predictions not logged', error);
    // An entry of the function's log has a limit; the lost rows are cut to fit it.
    for (let start = 0; start < error.predictions.length; start += 100) {
      logger.error('Unlogged predictions', { predictions: error.predictions.slice(start, start + 100) });
    }
  },
});

/** `POST /use-cases/{useCase}/predictions`: a probability and a decision for each instance. */
export const handler = http(
  { scope: 'predict', json: true },
  async ({ parameters, body }): Promise<PredictResponse> => {
    const useCase = await loadUseCase(parameters.useCase ?? '', useCases);
    const predictions = await predictor.predict(useCase, body);
    count('Predictions', useCase.id, predictions.length);
    return { predictions };
  },
);

function count(metric: string, useCase: string, value: number): void {
  const single = metrics.singleMetric();
  single.addDimension('useCase', useCase);
  single.addMetric(metric, MetricUnit.Count, value);
}
