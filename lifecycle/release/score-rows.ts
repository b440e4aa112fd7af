import type { Instance } from '../../contracts/http.ts';
import type { ModelSession } from '../inference/model-session.ts';

/** What a model answers to a row, or why it has no answer. */
export type RowScore =
  | { readonly probability: number; readonly failure: null }
  | { readonly probability: null; readonly failure: 'error' | 'unusable score' };

/** Scores rows that a model may fail on, each for itself. */
export async function scoreRows(session: ModelSession, rows: readonly Instance[]): Promise<RowScore[]> {
  try {
    return Array.from(await session.scoreInstances(rows), toRowScore);
  } catch {
    if (rows.length === 1) return [{ probability: null, failure: 'error' }];
    // A run fails as a whole: halving finds the rows that it fails on.
    const middle = rows.length >> 1;
    return [...(await scoreRows(session, rows.slice(0, middle))), ...(await scoreRows(session, rows.slice(middle)))];
  }
}

function toRowScore(probability: number): RowScore {
  const isUsable = probability >= 0 && probability <= 1;
  return isUsable ? { probability, failure: null } : { probability: null, failure: 'unusable score' };
}
