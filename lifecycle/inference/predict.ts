import type { Instance, LoggedPrediction, Prediction } from '../../contracts/http.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { createPredictionIds, timeOfPredictionId } from '../predictions/prediction-id.ts';
import { logPredictions, PredictionLogError } from '../predictions/prediction-log.ts';
import type { Routing, Variant } from '../release/ledger.ts';
import { createLiveRouting } from './live-routing.ts';
import { createModelCache, type LoadedModel } from './model-cache.ts';
import { createRequestParser, type ParsedInstance, type RequestParser } from './parse-request.ts';
import { pickVariant } from './router.ts';

export interface PredictorOptions {
  readonly registry: Table;
  readonly objects: Objects;
  /** Connected with two attempts: the log has to be written before the answer is given. */
  readonly predictions: Table;
  readonly clock: Clock;
  /** Told when a newer routing could not be taken; the one before goes on answering. */
  readonly onRefreshFailed: (useCase: string, error: unknown) => void;
  /** Told when an answered request could not be logged. */
  readonly onLogFailed: (useCase: string, error: PredictionLogError) => void;
}

/** Answers prediction requests; made once a process, as it keeps models in memory. */
export interface Predictor {
  /**
   * Checks a request, scores each instance by the variant that its unit is routed to, and logs the answers.
   *
   * @param body the decoded JSON of a request
   * @returns the answers, in the order of the instances
   * @throws {InvalidRequestError} @throws {NoModelError} @throws {ModelUnavailableError}
   */
  predict(useCase: UseCase, body: unknown): Promise<Prediction[]>;
}

/** Makes the predictor of this process. */
export function createPredictor(options: PredictorOptions): Predictor {
  const { registry, objects, predictions, clock, onLogFailed } = options;
  const models = createModelCache(objects);
  const routings = createLiveRouting({ registry, models, clock, onRefreshFailed: options.onRefreshFailed });
  const parsers = new Map<string, RequestParser>();
  const nextId = createPredictionIds(clock);

  return {
    async predict(useCase, body) {
      const parse = parsers.get(useCase.id) ?? createRequestParser(useCase);
      parsers.set(useCase.id, parse);
      const instances = parse(body);
      const routed = route(instances, await routings.current(useCase.id), nextId);
      const answered = await score(useCase.id, routed);
      await log(useCase.id, answered);
      return answered.map(toAnswer);
    },
  };

  async function score(useCase: string, routed: readonly RoutedInstance[]): Promise<LoggedPrediction[]> {
    const answered: LoggedPrediction[] = new Array(routed.length);
    for (const [variant, group] of Map.groupBy(routed.keys(), index => routed[index]!.variant)) {
      const { model, giveBack } = await models.lease(useCase, variant.modelSha256);
      try {
        const scores = await model.session.scoreInstances(group.map(index => routed[index]!.instance.features));
        group.forEach((index, row) => {
          answered[index] = toPrediction(useCase, routed[index]!, scores[row]!, model);
        });
      } finally {
        giveBack();
      }
    }
    return answered;
  }

  async function log(useCase: string, answered: readonly LoggedPrediction[]): Promise<void> {
    try {
      await logPredictions(predictions, answered);
    } catch (error) {
      if (!(error instanceof PredictionLogError)) throw error;
      onLogFailed(useCase, error);
    }
  }
}

interface RoutedInstance {
  readonly instance: ParsedInstance;
  readonly id: string;
  readonly variant: Variant;
}

function route(instances: readonly ParsedInstance[], routing: Routing, nextId: () => string): RoutedInstance[] {
  return instances.map(instance => {
    const id = nextId();
    return { instance, id, variant: pickVariant(routing, instance.entityId ?? id) };
  });
}

function toPrediction(
  useCase: string,
  { instance, id, variant }: RoutedInstance,
  probability: number,
  { levels }: LoadedModel,
): LoggedPrediction {
  const { features, imputed, entityId, observationId } = instance;
  return {
    predictionId: id,
    useCase,
    at: timeOfPredictionId(id)!.toISOString(),
    probability,
    decision: probability >= variant.threshold,
    threshold: variant.threshold,
    version: variant.version,
    variant: variant.name,
    imputed,
    unseen: findUnseen(features, levels),
    features,
    entityId,
    observationId,
  };
}

function findUnseen(features: Instance, levels: LoadedModel['levels']): string[] {
  const unseen: string[] = [];
  for (const [name, known] of levels) {
    const value = features[name];
    if (typeof value === 'string' && !known.has(value)) unseen.push(name);
  }
  return unseen;
}

function toAnswer(logged: LoggedPrediction): Prediction {
  const { predictionId, probability, decision, threshold, version, variant, imputed, unseen } = logged;
  return { predictionId, probability, decision, threshold, version, variant, imputed, unseen };
}
