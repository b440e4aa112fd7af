/** Bodies of `POST /use-cases/{useCase}/outcomes`. */

/** The true label of an earlier prediction or observation, as a caller tells it. */
export interface OutcomeMessage {
  /** Exactly one of the two. */
  readonly predictionId?: string;
  readonly observationId?: string;
  /** The use case's word for it, a boolean, or 0 or 1. */
  readonly label: string | boolean | number;
  /** ISO 8601 instant at which it became true. */
  readonly observedAt: string;
}

export interface OutcomesRequest {
  readonly outcomes: readonly OutcomeMessage[];
}

/** What became of one outcome of a request. */
export type OutcomeResult =
  /** It is kept; `duplicate`: it was before; `unknown target`: it waits until the prediction or observation appears. */
  | { readonly result: 'accepted' | 'duplicate' | 'unknown target'; readonly outcomeId: string }
  | { readonly result: 'rejected'; readonly reason: string };

export interface OutcomesResponse {
  /** In the order of the request. */
  readonly outcomes: readonly OutcomeResult[];
}

/** Limits of `POST …/outcomes`. */
export const outcomeLimits = { outcomes: 1_000 } as const;
