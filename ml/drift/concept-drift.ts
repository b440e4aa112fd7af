import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import { applyBinnedCalibration, type BinnedCalibration, observedLogOdds } from '../calibration/binned-calibration.ts';
import { logOdds } from '../calibration/log-odds.ts';

/** Labelled rows counted by score. */
export interface LabelledScores {
  /** Distinct probabilities of the positive class, rising. */
  readonly scores: Float64Array;
  /** Negatives, then positives, of each score in turn. */
  readonly cells: Int32Array;
}

/** What has been seen of a version so far. Plain JSON. */
export interface ConceptEvidence {
  readonly rows: number;
  /** Natural logarithm of the odds for each alternative of `alternatives`, in its order. */
  readonly logOdds: readonly number[];
}

/** Before the first row. */
export const noConceptEvidence: ConceptEvidence = { rows: 0, logOdds: [] };

/** What came of looking. */
export interface ConceptDrift {
  readonly evidence: ConceptEvidence;
  /** Odds for a changed concept, averaged over the alternatives; in logarithm, as they can be very great. */
  readonly logOdds: number;
  readonly isDrift: boolean;
}

/** Rows that score below or above where half of the positives do, and by how much their log odds grew. */
const alternatives = ['below', 'above'].flatMap(side =>
  [-1, -0.5, -0.25, 0.25, 0.5, 1].map(shift => ({ side, shift })),
);

/**
 * Looks whether outcomes still come as often as the probabilities say, in a way that may be repeated with every window: a likelihood ratio against each
 * alternative, averaged over them. While the log odds of either half are off by the floor at most, its expectation never exceeds 1, so that it ever
 * reaches 1 / α has probability α at most (Ville's inequality; Ramdas, Grünwald, Vovk and Shafer, "Game-theoretic statistics and safe anytime-valid
 * inference", 2023). What the calibration itself leaves open widens the floor.
 *
 * @param before of the same version, without these rows
 */
export function addConceptEvidence(
  before: ConceptEvidence,
  { scores, cells }: LabelledScores,
  { calibration, floor, alpha }: { calibration: BinnedCalibration; floor: number; alpha: number },
): ConceptDrift {
  const odds = logOdds(scores);
  const expected = logOdds(applyBinnedCalibration(calibration, odds, observedLogOdds(calibration)));
  const halves = parted(calibration);
  const updated = alternatives.map(({ side, shift }, i) => {
    const accepted = floor + 3 * halves[side as keyof typeof halves];
    let sum = before.logOdds[i] ?? 0;
    for (let row = 0; row < scores.length; row++) {
      if (odds[row]! >= halves.cut !== (side === 'above')) continue;
      sum += logRatio(expected[row]!, shift, shift > 0 ? accepted : -accepted, cells[2 * row]!, cells[2 * row + 1]!);
    }
    return sum;
  });
  const rows = before.rows + cells.reduce((sum, count) => sum + count, 0);
  const combined = logOfMean(updated);
  return { evidence: { rows, logOdds: updated }, logOdds: combined, isDrift: combined >= -log(alpha) };
}

/** Log odds at which half of the reference's positives score higher, and the standard errors of the log odds of the two halves. */
function parted({ scored, positives, negatives }: BinnedCalibration): { cut: number; below: number; above: number } {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const half = total(positives) / 2;
  let bin = 0;
  for (let seen = positives[0]!; seen < half && bin < scored.length - 1; seen += positives[bin]!) bin += 1;
  const error = (from: number, to: number) =>
    Math.sqrt(1 / (total(positives.slice(from, to)) + 1) + 1 / (total(negatives.slice(from, to)) + 1));
  return { cut: scored[bin]!, below: error(0, bin), above: error(bin, scored.length) };
}

/** Of rows of equal probability: shifted by what is accepted and more, against by what is accepted. */
function logRatio(expected: number, shift: number, accepted: number, negatives: number, positives: number): number {
  const [accepting, alternative] = [expected + accepted, expected + accepted + shift];
  return (
    positives * (logSigmoid(alternative) - logSigmoid(accepting)) +
    negatives * (logSigmoid(-alternative) - logSigmoid(-accepting))
  );
}

/** ln(1 / (1 + e^−x)) */
function logSigmoid(x: number): number {
  return Math.min(x, 0) - log(1 + exp(-Math.abs(x)));
}

function logOfMean(logs: readonly number[]): number {
  const greatest = Math.max(...logs);
  return greatest + log(logs.reduce((sum, value) => sum + exp(value - greatest), 0) / logs.length);
}
