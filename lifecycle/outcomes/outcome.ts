import { hash } from 'node:crypto';

/** The true label of an earlier prediction or observation, as it was delivered; it never changes. */
export interface Outcome {
  /** Hash of target, label and `observedAt`: the same outcome told again is the same outcome. */
  readonly outcomeId: string;
  readonly useCase: string;
  /** Exactly one of the two is given. */
  readonly predictionId: string | null;
  readonly observationId: string | null;
  readonly label: 0 | 1;
  /** ISO instant at which the label became true, as its sender says. */
  readonly observedAt: string;
  /** ISO instant at which it was received. */
  readonly receivedAt: string;
  /** Id of the access key, or the landing file, it came with. */
  readonly by: string;
}

/** Makes an outcome, with its id. */
export function createOutcome(outcome: Omit<Outcome, 'outcomeId'>): Outcome {
  const identity = [outcomeTarget(outcome), outcome.label, outcome.observedAt];
  return { outcomeId: hash('sha256', JSON.stringify(identity), 'hex').slice(0, 32), ...outcome };
}

/** What an outcome is about: `prediction:<id>` or `observation:<id>`. */
export function outcomeTarget({ predictionId, observationId }: Pick<Outcome, 'predictionId' | 'observationId'>) {
  return predictionId === null ? `observation:${observationId}` : `prediction:${predictionId}`;
}

/** The outcome that counts for each target: the one last observed, of those the one last received, and told both ways at once, the positive one. */
export function latestOutcomes(outcomes: Iterable<Outcome>): Map<string, Outcome> {
  const latest = new Map<string, Outcome>();
  for (const outcome of outcomes) {
    const target = outcomeTarget(outcome);
    const present = latest.get(target);
    if (!present || isLater(outcome, present)) latest.set(target, outcome);
  }
  return latest;
}

/** The outcome that counts for a prediction, whichever of its ids it was told by. */
export function outcomeOf(
  latest: ReadonlyMap<string, Outcome>,
  { predictionId, observationId }: { readonly predictionId: string; readonly observationId: string | null },
): Outcome | undefined {
  const byPrediction = latest.get(`prediction:${predictionId}`);
  const byObservation = observationId === null ? undefined : latest.get(`observation:${observationId}`);
  if (!byPrediction || !byObservation) return byPrediction ?? byObservation;
  return isLater(byObservation, byPrediction) ? byObservation : byPrediction;
}

function isLater(outcome: Outcome, than: Outcome): boolean {
  return order(outcome) > order(than);
}

/** ISO instants of one length, so that their texts' order is theirs; as `countingFirst` orders the archive. */
function order({ observedAt, receivedAt, label }: Outcome): string {
  return `${observedAt} ${receivedAt} ${label}`;
}
