/** What a version on trial may at most do before it is rolled back. */
export interface StepLimits {
  /** Share of requests, in [0, 1], that it may fail. */
  readonly errorShare: number;
  /** Its latency is too high when the 95th percentile exceeds the champion's both by this factor … */
  readonly latencyRatio: number;
  /** … and by this many milliseconds. */
  readonly latencyFloorMs: number;
  /** Share of rows, in [0, 1], on which it may differ from the champion as it did on next to none at the gate. */
  readonly newDifferenceShare: number;
  /** Mature outcomes without which it does not go on; 0 where they come too late to wait for. */
  readonly minimumOutcomes: number;
}

/** Limits that suit most use cases; no outcomes are waited for. */
export const usualStepLimits: StepLimits = {
  errorShare: 0.01,
  latencyRatio: 1.5,
  latencyFloorMs: 20,
  newDifferenceShare: 0.05,
  minimumOutcomes: 0,
};

/** What an A/B test compares. */
export interface ExperimentPolicy {
  /** Value of a unit: the profit of its decision, or its label as 0 or 1. Greater is better; `negative label` counts the label's absence. */
  readonly value: 'profit' | 'positive label' | 'negative label';
  /** The smallest difference of mean values a unit that matters; the power hint is for it. */
  readonly minimumEffect: number;
}
