import type { FailedVariant, Instance, LoggedPrediction, Prediction } from '../../contracts/http.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { createPredictionIds, timeOfPredictionId } from '../predictions/prediction-id.ts';
import { logPredictions, PredictionLogError } from '../predictions/prediction-log.ts';
import type { Variant } from '../release/ledger.ts';
import { VariantFailedError } from './errors.ts';
import { createLiveRouting, type LiveEntry } from './live-routing.ts';
import { createModelCache, type LoadedModel } from './model-cache.ts';
import { createRequestParser, type ParsedInstance, type RequestParser } from './parse-request.ts';
import { createPinnedRoutings } from './pinned-routing.ts';
import { pickVariant } from './router.ts';

export interface PredictorOptions {
  readonly registry: Table;
  readonly objects: Objects;
  /** Connected with two attempts: the log has to be written before the answer is given. */
  readonly predictions: Table;
  readonly clock: Clock;
  /** Told when a newer routing could not be taken; the one before goes on answering. */
  readonly onRefreshFailed: (useCase: string, error: unknown) => void;
  /** Told when the champion answered in the place of a variant that could not. */
  readonly onVariantFailed: (useCase: string, error: VariantFailedError) => void;
  /** Told when an answered request could not be logged. */
  readonly onLogFailed: (useCase: string, error: PredictionLogError) => void;
}

/** Answers prediction requests; made once a process, as it keeps models in memory. */
export interface Predictor {
  /**
   * Checks a request, scores each instance by the variant that its unit is routed to, and logs the answers.
   *
   * @param body the decoded JSON of a request
   * @param options.version answers in the place of whatever the units are routed to; logged as the variant `pinned`
   * @returns the answers, in the order of the instances
   * @throws {InvalidRequestError} @throws {NoModelError} @throws {ModelUnavailableError}
   * @throws {VersionNotFoundError} @throws {VariantFailedError} when the champion, or the version that was asked for, cannot score
   */
  predict(useCase: UseCase, body: unknown, options?: { readonly version?: number }): Promise<Prediction[]>;
}

/** Makes the predictor of this process. */
export function createPredictor(options: PredictorOptions): Predictor {
  const { registry, objects, predictions, clock, onVariantFailed, onLogFailed } = options;
  const models = createModelCache(objects);
  const routings = createLiveRouting({ registry, models, clock, onRefreshFailed: options.onRefreshFailed });
  const pinned = createPinnedRoutings(registry);
  const parsers = new Map<string, RequestParser>();
  const nextId = createPredictionIds(clock);

  return {
    async predict(useCase, body, { version } = {}) {
      const parse = parsers.get(useCase.id) ?? createRequestParser(useCase);
      parsers.set(useCase.id, parse);
      const instances = parse(body);
      const { id } = useCase;
      const live = version === undefined ? await routings.current(id) : await pinned.of(id, version);
      const answered = await answer(id, route(instances, live, nextId), live.routing.variants[0]!);
      await log(id, answered);
      return answered.map(toAnswer);
    },
  };

  /** Scores each row by its own variant, and by the champion where that fails. */
  async function answer(
    useCase: string,
    routed: readonly RoutedInstance[],
    champion: Variant,
  ): Promise<LoggedPrediction[]> {
    const scored = await scoreAll(useCase, routed);
    const failures = scored.filter(result => result instanceof VariantFailedError);
    if (failures.length === 0) return scored as LoggedPrediction[];
    const fatal = failures.find(({ failed }) => failed.variant === champion.name);
    if (fatal) throw fatal;
    onVariantFailed(useCase, failures[0]!);
    const rerouted = scored.map((result, index) =>
      result instanceof VariantFailedError
        ? { ...routed[index]!, variant: champion, failed: result.failed }
        : undefined,
    );
    const again = await answer(
      useCase,
      rerouted.filter(row => row !== undefined),
      champion,
    );
    return scored.map(result => (result instanceof VariantFailedError ? again.shift()! : result));
  }

  async function scoreAll(useCase: string, routed: readonly RoutedInstance[]) {
    const results: (LoggedPrediction | VariantFailedError)[] = new Array(routed.length);
    for (const [variant, group] of Map.groupBy(routed.keys(), index => routed[index]!.variant)) {
      const rows = group.map(index => routed[index]!);
      const scored = await tryScore(useCase, variant, rows);
      group.forEach((index, row) => {
        results[index] = scored[row]!;
      });
    }
    return results;
  }

  /** Scores the rows of one variant; what it fails on is told in the place of the answer. */
  async function tryScore(useCase: string, variant: Variant, rows: readonly RoutedInstance[]) {
    try {
      const { model, giveBack } = await models.lease(useCase, variant.modelSha256);
      try {
        const begun = performance.now();
        const scores = await model.session.scoreInstances(rows.map(({ instance }) => instance.features));
        const scoringMs = rows.length === 1 ? roundMs(performance.now() - begun) : null;
        return rows.map((row, index) => {
          const probability = scores[index]!;
          if (!(probability >= 0 && probability <= 1)) return failure(variant, 'unusable score');
          return toPrediction(useCase, row, { probability, scoringMs, model });
        });
      } finally {
        giveBack();
      }
    } catch (cause) {
      const error = failure(variant, 'error', { cause });
      return rows.map(() => error);
    }
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
  readonly entry: number;
  readonly variant: Variant;
  /** The variant before this one. */
  readonly failed: FailedVariant | null;
}

function route(
  instances: readonly ParsedInstance[],
  { entry, routing }: LiveEntry,
  nextId: () => string,
): RoutedInstance[] {
  return instances.map(instance => {
    const id = nextId();
    return { instance, id, entry, variant: pickVariant(routing, instance.entityId ?? id), failed: null };
  });
}

function failure(
  { name, version }: Variant,
  reason: FailedVariant['reason'],
  options?: ErrorOptions,
): VariantFailedError {
  return new VariantFailedError({ variant: name, version, reason }, options);
}

/** To a microsecond, which is finer than the time of a run is steady. */
function roundMs(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

interface Scored {
  readonly probability: number;
  readonly scoringMs: number | null;
  readonly model: LoadedModel;
}

function toPrediction(
  useCase: string,
  { instance, id, entry, variant, failed }: RoutedInstance,
  { probability, scoringMs, model }: Scored,
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
    entry,
    failed,
    scoringMs,
    imputed,
    unseen: findUnseen(features, model.levels),
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
