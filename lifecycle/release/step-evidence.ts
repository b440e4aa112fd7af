import type { ExperimentEvidence } from './ab-test.ts';

/** Different rows without which scores are not judged. */
export const enoughRows = 50;

/** What one variant answered in a period. */
export interface VariantEvidence {
  readonly version: number;
  /** Rows that it was asked to score: requests' instances, or logged ones for a shadow. */
  readonly requests: number;
  /** Of them those that it threw on. */
  readonly errors: number;
  /** Of them those whose score is NaN or outside [0, 1]. */
  readonly unusable: number;
  /** Of the usable scores; null while there is none. */
  readonly scores: {
    readonly lowest: number;
    readonly highest: number;
    /** Different rows among those scored, counted up to `enoughRows`. */
    readonly distinctRows: number;
  } | null;
  /** Of calls with one row, without the loading of models; null where it answers nobody. */
  readonly latency: { readonly calls: number; readonly p95Ms: number } | null;
}

/** How the scores of both differ on the same logged rows, beside how they differed at the gate. */
export interface DifferenceEvidence {
  /** Rows scored by both. */
  readonly rows: number;
  /** Rows whose difference lies outside the range that held 99 % of the holdout's. */
  readonly outside: number;
  /** That range of challenger − champion, widened by a tenth of the spread of the champion's scores. */
  readonly accepted: readonly [number, number];
  readonly meanDifference: number;
}

/** How both did on the same logged rows whose outcomes are mature and that neither was fitted on. */
export interface QualityEvidence {
  readonly outcomes: number;
  readonly positives: number;
  /** Brier scores: mean squared errors of the probabilities. */
  readonly championBrier: number;
  readonly challengerBrier: number;
  /** Always-valid 95 % interval of what the challenger improves; null while the outcomes are too few for one. */
  readonly improvement: { readonly low: number; readonly high: number } | null;
}

/** What a step showed of a version on trial, beside the champion on the same period `[since, until)`. */
export interface StepEvidence {
  readonly since: string;
  readonly until: string;
  readonly champion: VariantEvidence;
  readonly challenger: VariantEvidence;
  /** Null while no row is scored by both, and where the gate compared the challenger with another champion. */
  readonly difference: DifferenceEvidence | null;
  readonly quality: QualityEvidence | null;
  /** Null where the step is no A/B test. */
  readonly experiment: ExperimentEvidence | null;
}
