import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import { log1p } from '../arithmetic/log1p.ts';
import { sigmoid } from '../arithmetic/sigmoid.ts';

/** How scores become probabilities: 1 / (1 + e^−(slope · score + offset)). Both are float32, as an exported graph holds them. */
export interface PlattScaling {
  readonly slope: number;
  readonly offset: number;
}

/**
 * Fits Platt scaling by Newton's method with backtracking, as in Lin, Lin and Weng, "A note on Platt's probabilistic outputs for support vector
 * machines" (2007). Labels are drawn towards ½ as if one row more of each class had been seen, so that separable scores keep a finite slope.
 *
 * @param scores of rows that the model behind them was not fitted on
 * @throws {RangeError} when there is no row, or a score is not finite
 */
export function fitPlattScaling(scores: Float64Array, labels: Uint8Array): PlattScaling {
  if (scores.length === 0) throw new RangeError('Cannot fit Platt scaling on 0 rows: expected one or more');
  if (!scores.every(Number.isFinite)) throw new RangeError('Cannot fit Platt scaling: a score is not finite');
  const { targets, start } = smoothLabels(labels);
  let point = { slope: 0, offset: start };
  let loss = lossAt(scores, targets, point);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const step = newtonStep(scores, targets, point);
    let length = 1;
    let next = moved(point, step, length);
    let reached = lossAt(scores, targets, next);
    // 1e-4 is the usual share of the promised descent that a step must keep (Armijo's rule).
    while (!(reached <= loss - 1e-4 * length * step.descent) && length > smallestLength) {
      length /= 2;
      next = moved(point, step, length);
      reached = lossAt(scores, targets, next);
    }
    if (!(reached < loss)) break;
    point = next;
    loss = reached;
    if (step.descent <= tolerance * loss) break;
  }
  return { slope: Math.fround(point.slope), offset: Math.fround(point.offset) };
}

/** Probability of the positive class for each score. */
export function applyPlattScaling({ slope, offset }: PlattScaling, scores: Float64Array): Float64Array {
  return scores.map(score => sigmoid(slope * score + offset));
}

const maxIterations = 100;
const smallestLength = 1e-10;
/** Share of the loss below which a promised descent is no longer worth a step. */
const tolerance = 1e-14;
/** Added to the Hessian's diagonal, which is 0 where all scores are alike. */
const ridge = 1e-12;

interface SmoothLabels {
  readonly targets: Float64Array;
  /** Offset that predicts the smoothed share of positives. */
  readonly start: number;
}

function smoothLabels(labels: Uint8Array): SmoothLabels {
  let positives = 0;
  for (const label of labels) positives += label;
  const negatives = labels.length - positives;
  const [low, high] = [1 / (negatives + 2), (positives + 1) / (positives + 2)];
  return {
    targets: Float64Array.from(labels, label => (label === 1 ? high : low)),
    start: log((positives + 1) / (negatives + 1)),
  };
}

/** Σ −target · ln p − (1 − target) · ln(1 − p). */
function lossAt(scores: Float64Array, targets: Float64Array, { slope, offset }: PlattScaling): number {
  let loss = 0;
  for (let row = 0; row < scores.length; row++) {
    const margin = slope * scores[row]! + offset;
    loss += Math.max(margin, 0) - targets[row]! * margin + log1p(exp(-Math.abs(margin)));
  }
  return loss;
}

/** A direction, and the rate at which the loss falls along it. */
interface Step extends PlattScaling {
  readonly descent: number;
}

function newtonStep(scores: Float64Array, targets: Float64Array, { slope, offset }: PlattScaling): Step {
  let [slopeGradient, offsetGradient, slopeSlope, slopeOffset, offsetOffset] = [0, 0, ridge, 0, ridge];
  for (let row = 0; row < scores.length; row++) {
    const score = scores[row]!;
    const probability = sigmoid(slope * score + offset);
    const error = probability - targets[row]!;
    const curvature = probability * (1 - probability);
    slopeGradient += score * error;
    offsetGradient += error;
    slopeSlope += score * score * curvature;
    slopeOffset += score * curvature;
    offsetOffset += curvature;
  }
  const determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset;
  const slopeStep = (slopeOffset * offsetGradient - offsetOffset * slopeGradient) / determinant;
  const offsetStep = (slopeOffset * slopeGradient - slopeSlope * offsetGradient) / determinant;
  const descent = -(slopeStep * slopeGradient + offsetStep * offsetGradient);
  return { slope: slopeStep, offset: offsetStep, descent };
}

function moved({ slope, offset }: PlattScaling, step: Step, length: number): PlattScaling {
  return { slope: slope + length * step.slope, offset: offset + length * step.offset };
}
