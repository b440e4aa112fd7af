/** Bodies of `POST /use-cases/{useCase}/observations`. */

/**
 * A row for the next batch: features by name, the entity column, the label column (absent or null while it is not known), `observationId` and `eventTime`,
 * of which only the last one must be there.
 */
export type ObservationMessage = Readonly<Record<string, string | number | boolean | null>>;

export interface ObservationsRequest {
  readonly observations: readonly ObservationMessage[];
}

/** What became of one observation of a request. */
export type ObservationResult =
  /** It waits for the next batch; `duplicate`: an earlier one of the request says the same. */
  | { readonly result: 'accepted' | 'duplicate'; readonly observationId: string }
  | { readonly result: 'rejected'; readonly reason: string };

export interface ObservationsResponse {
  /** In the order of the request. */
  readonly observations: readonly ObservationResult[];
}

/** Limits of `POST …/observations`. */
export const observationLimits = { observations: 5_000 } as const;
