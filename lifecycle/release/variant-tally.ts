import type { Instance } from '../../contracts/http.ts';
import { quantile } from '../../ml/metrics/quantile.ts';
import { enoughRows, type VariantEvidence } from './step-evidence.ts';

/** What a variant made of one row. */
export interface VariantAnswer {
  readonly features: Instance;
  /** Null where it has none. */
  readonly probability: number | null;
  readonly failure: 'error' | 'unusable score' | null;
  /** Null where the row was not alone in its run. */
  readonly scoringMs: number | null;
}

/** What a variant made of rows that were counted elsewhere: neither how different they were nor how long they took is known of them. */
export interface CountedAnswers extends Pick<VariantEvidence, 'requests' | 'errors' | 'unusable'> {
  /** Of the usable scores; null while there is none. */
  readonly scores: { readonly lowest: number; readonly highest: number } | null;
}

/** Counts what a variant answers, row by row. */
export interface VariantTally {
  add(answer: VariantAnswer): void;
  addCounted(answers: CountedAnswers): void;
  evidence(version: number): VariantEvidence;
}

/** Begins to count. */
export function createVariantTally(): VariantTally {
  let requests = 0;
  const failures = { error: 0, 'unusable score': 0 };
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  const distinct = new Set<string>();
  const times: number[] = [];

  return {
    add({ features, probability, failure, scoringMs }) {
      requests++;
      if (failure) failures[failure]++;
      if (probability === null) return;
      lowest = Math.min(lowest, probability);
      highest = Math.max(highest, probability);
      if (distinct.size < enoughRows) distinct.add(JSON.stringify(features));
      if (scoringMs !== null) times.push(scoringMs);
    },
    addCounted({ requests: counted, errors, unusable, scores }) {
      requests += counted;
      failures.error += errors;
      failures['unusable score'] += unusable;
      if (!scores) return;
      lowest = Math.min(lowest, scores.lowest);
      highest = Math.max(highest, scores.highest);
    },
    evidence: version => ({
      version,
      requests,
      errors: failures.error,
      unusable: failures['unusable score'],
      scores: highest >= lowest ? { lowest, highest, distinctRows: distinct.size } : null,
      latency:
        times.length > 0 ? { calls: times.length, p95Ms: quantile(Float64Array.from(times).sort(), 0.95) } : null,
    }),
  };
}
