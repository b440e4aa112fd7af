import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { environmentNames } from '../contracts/environment.ts';
import { faultsMetric, metricsOwner } from '../contracts/metrics.ts';
import { readClock } from '../lifecycle/clock.ts';
import { createPredictor, type Predictor } from '../lifecycle/inference/predict.ts';
import { requiredVariable } from '../platform/environment.ts';
import { connectObjects } from '../platform/objects.ts';
import { connectTable } from '../platform/table.ts';
import { logger } from './http.ts';
import { isFault } from './http-problem.ts';

const metrics = new Metrics({ namespace: metricsOwner.namespace, serviceName: metricsOwner.service });
/** Connected once, to the registry. */
export const registry = connectTable(requiredVariable(environmentNames.registryTable));
const uncounted = createPredictor({
  registry,
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

/** The one predictor of this process. It counts what it answers, and says in log and metrics what goes wrong beside the answers. */
export const predictor: Predictor = {
  async predict(useCase, body, options) {
    try {
      const predictions = await uncounted.predict(useCase, body, options);
      count('Predictions', useCase.id, predictions.length);
      return predictions;
    } catch (error) {
      // Of all use cases together, as one alarm watches it.
      if (isFault(error)) metrics.singleMetric().addMetric(faultsMetric, MetricUnit.Count, 1);
      throw error;
    }
  },
};

function count(metric: string, useCase: string, value: number): void {
  const single = metrics.singleMetric();
  single.addDimension('useCase', useCase);
  single.addMetric(metric, MetricUnit.Count, value);
}
