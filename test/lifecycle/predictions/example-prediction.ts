import type { LoggedPrediction } from '../../../contracts/http.ts';
import { createPredictionIds } from '../../../lifecycle/predictions/prediction-id.ts';

/** A logged prediction; its id is made at its instant, unless it is given. */
export function examplePrediction({
  at = '2026-03-01T10:20:30.456Z',
  ...changes
}: Partial<LoggedPrediction> = {}): LoggedPrediction {
  return {
    predictionId: changes.predictionId ?? createPredictionIds({ now: () => new Date(at), real: ms => ms })(),
    useCase: 'loans',
    at,
    probability: 0.123456789,
    decision: true,
    threshold: 0.1,
    version: 3,
    variant: 'champion',
    entry: 1,
    failed: null,
    scoringMs: null,
    imputed: [],
    unseen: [],
    features: { age: 40 },
    entityId: null,
    observationId: null,
    ...changes,
  };
}
