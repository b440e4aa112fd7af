import { log } from '../arithmetic/log.ts';

/**
 * ln(p / (1 − p)) of probabilities.
 *
 * @param least taken for what is nearer to 0, and its distance from 1 for what is nearer to 1
 */
export function logOdds(probabilities: Float64Array, least = leastProbability): Float64Array {
  return probabilities.map(probability => {
    const inside = Math.min(Math.max(probability, least), 1 - least);
    return log(inside / (1 - inside));
  });
}

/** 2⁻²²: 1 less it is still a float32. */
export const leastProbability = 2.384185791015625e-7;
