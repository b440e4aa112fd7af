import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Table } from '../../platform/table.ts';
import { pinnedVariant } from '../inference/pinned-routing.ts';
import { pickVariant } from '../inference/router.ts';
import { readPredictions, type TimeRange } from '../predictions/read-predictions.ts';
import { readLedger, type Variant } from './ledger.ts';

/** Which variant a row was routed to. */
export type Assignment = Pick<Variant, 'name' | 'version'>;

/** A logged prediction that the ledger would not have routed like that. */
export interface ReplayDifference {
  readonly predictionId: string;
  /** Number of the ledger entry that it says it was routed by. */
  readonly entry: number;
  readonly logged: Assignment;
  /** Null where the ledger has no such routing. */
  readonly expected: Assignment | null;
}

/** What a replay found. */
export interface Replay {
  /** Assignments recomputed. */
  readonly predictions: number;
  /** Predictions whose version the caller picked: nothing routed them. */
  readonly pinned: number;
  readonly differences: number;
  /** The first of them. */
  readonly examples: readonly ReplayDifference[];
}

const mostExamples = 20;

/** Recomputes the assignment of every prediction logged in a time range from nothing but the ledger. */
export async function replayAssignments(
  { registry, predictions }: { readonly registry: Table; readonly predictions: Table },
  useCase: string,
  range: TimeRange,
): Promise<Replay> {
  const ledger = await readLedger(registry, useCase);
  const routings = new Map(ledger.map(({ entry, routing }) => [entry, routing]));
  const found = { predictions: 0, pinned: 0, differences: 0, examples: [] as ReplayDifference[] };
  for await (const prediction of readPredictions(predictions, useCase, range)) {
    const { predictionId, entityId, entry, variant } = prediction;
    if (variant === pinnedVariant) {
      found.pinned++;
      continue;
    }
    const logged = assignedVariant(prediction);
    const routing = routings.get(entry);
    const expected = routing ? assignmentOf(pickVariant(routing, entityId ?? predictionId)) : null;
    found.predictions++;
    if (expected?.name === logged.name && expected.version === logged.version) continue;
    found.differences++;
    if (found.examples.length < mostExamples) found.examples.push({ predictionId, entry, logged, expected });
  }
  return found;
}

/** The variant that a row was routed to, be it that the champion had to answer in its place. */
export function assignedVariant({ variant, version, failed }: LoggedPrediction): Assignment {
  return failed ? { name: failed.variant, version: failed.version } : { name: variant, version };
}

function assignmentOf({ name, version }: Variant): Assignment {
  return { name, version };
}
