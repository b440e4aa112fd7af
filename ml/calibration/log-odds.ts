import { log } from '../arithmetic/log.ts';

/** ln(p / (1 − p)) of probabilities, which are taken as `leastProbability` from 0 and 1 at least. */
export function logOdds(probabilities: Float64Array): Float64Array {
  return probabilities.map(probability => {
    const inside = Math.min(Math.max(probability, leastProbability), 1 - leastProbability);
    return log(inside / (1 - inside));
  });
}

/** 2⁻²²: 1 less it is still a float32. */
export const leastProbability = 2.384185791015625e-7;
