import type { SequentialInterval } from '../../ml/sequential/confidence-sequence.ts';
import type { SampleRatio } from '../../ml/sequential/sample-ratio.ts';
import type { ExperimentPolicy } from '../../use-cases/step-limits.ts';

/** What an A/B test found so far. A unit counts once, by its first prediction in the step. */
export interface ExperimentEvidence {
  readonly policy: ExperimentPolicy;
  /** Units that came, by the variant they were assigned to. */
  readonly units: { readonly champion: number; readonly challenger: number };
  /** Of them those whose outcome is mature and known. */
  readonly matured: { readonly champion: number; readonly challenger: number };
  readonly sampleRatio: SampleRatio;
  /** Mean value a unit, challenger − champion, with its always-valid 95 % interval; null while the matured units are too few for one. */
  readonly difference: SequentialInterval | null;
  /** How many more units, and how long, an 80 % chance of finding the smallest effect that matters takes, in words. */
  readonly hint: string;
}
