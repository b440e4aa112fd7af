/** Bodies of the HTTP API. */

/** What an access key may do. `operate` includes no other. */
export const scopes = ['predict', 'label', 'view', 'operate'] as const;
export type Scope = (typeof scopes)[number];

/** Error body, RFC 9457. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** One entry per thing wrong with the body, with a JSON pointer to it. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

export type FeatureValue = string | number | boolean | null;

/** One row to score: features by name, and optionally the entity column and the observation id. */
export type Instance = Readonly<Record<string, FeatureValue>>;

export interface PredictRequest {
  readonly instances: readonly Instance[];
}

export interface Prediction {
  readonly predictionId: string;
  readonly probability: number;
  readonly decision: boolean;
  readonly threshold: number;
  readonly version: number;
  readonly variant: string;
  /** Features that were missing and got the training rows' median or most frequent level. */
  readonly imputed: readonly string[];
  /** Category features whose level the training rows did not have. */
  readonly unseen: readonly string[];
}

export interface PredictResponse {
  readonly predictions: readonly Prediction[];
}

/** A variant that was to answer and could not: it threw, or its score was no probability. */
export interface FailedVariant {
  readonly variant: string;
  readonly version: number;
  readonly reason: 'error' | 'unusable score';
}

/** A logged prediction, as `GET …/predictions/{id}` answers. */
export interface LoggedPrediction extends Prediction {
  readonly useCase: string;
  readonly at: string;
  /** Number of the ledger entry by which it was routed; 0 where the caller named the version. */
  readonly entry: number;
  /** In whose place the champion answered; null where the variant that was to answer did. */
  readonly failed: FailedVariant | null;
  /** Milliseconds that the model took, without its loading; null where it scored other rows in the same run. */
  readonly scoringMs: number | null;
  readonly features: Instance;
  readonly entityId: string | null;
  readonly observationId: string | null;
}

export interface HealthResponse {
  /** `waiting` until a first version is released; `degraded` when one that was is not there to answer. */
  readonly status: 'ok' | 'waiting' | 'degraded';
  readonly build: string;
  readonly models: readonly {
    readonly useCase: string;
    /** Whether a version was ever released, as far as one can read. */
    readonly released: boolean;
    readonly ready: boolean;
    readonly version: number | null;
  }[];
}

/** A deployed use case, as `GET /use-cases` lists it. */
export interface UseCaseSummary {
  readonly id: string;
  readonly title: string;
  readonly entity: { readonly name: string; readonly column: string };
  /** Version that answers by default; null before the first release. */
  readonly version: number | null;
}

export interface UseCasesResponse {
  readonly useCases: readonly UseCaseSummary[];
}

/** A feature, as a caller has to send it. */
export interface FeatureDescription {
  readonly type: 'number' | 'integer' | 'category' | 'boolean';
  readonly meaning: string;
  readonly levels?: readonly string[];
  /** Inclusive bounds. */
  readonly range?: readonly [number, number];
}

/** A metric and its 95 % interval. */
export interface MetricEstimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The version that answers by default. */
export interface CurrentVersion {
  readonly version: number;
  readonly threshold: number;
  /** ISO instant of its registration. */
  readonly createdAt: string;
  /** Null where the rows were too few to tell. */
  readonly metrics: {
    readonly outOfFold: Readonly<Record<string, MetricEstimate>> | null;
    readonly holdout: Readonly<Record<string, MetricEstimate>> | null;
  };
}

/** A use case in full, as `GET /use-cases/{useCase}` answers. */
export interface UseCaseResponse extends UseCaseSummary {
  readonly features: Readonly<Record<string, FeatureDescription>>;
  readonly label: {
    readonly column: string;
    readonly meaning: string;
    readonly positive: string;
    readonly negative: string;
    readonly delayDays: number;
  };
  /** Columns that are not accepted, with the reason. */
  readonly excluded: Readonly<Record<string, string>>;
  /** A made-up instance that the endpoint accepts. */
  readonly example: Instance;
  readonly current: CurrentVersion | null;
}

/** Limits of `POST …/predictions`. */
export const predictLimits = { instances: 1_000, bodyBytes: 5 * 1024 * 1024 } as const;
