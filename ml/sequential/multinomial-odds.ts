import { log } from '../arithmetic/log.ts';
import { logGamma } from '../arithmetic/log-gamma.ts';

/** Categories with their counts so far, and the parts that a hypothesis claims. */
export interface MultinomialOptions {
  readonly counts: readonly number[];
  /** Probability of each category under the hypothesis, above 0, of sum 1. */
  readonly shares: readonly number[];
  /** Dirichlet prior of the alternative, one weight a category. */
  readonly prior: readonly number[];
}

/**
 * Natural logarithm of the odds against a hypothesis about shares: the Bayes factor of a Dirichlet mixture over them, after Lindon and Malek,
 * Anytime-valid inference for multinomial count data (NeurIPS 2022). Under the hypothesis the odds are a martingale from 1, so that they ever exceed
 * 1 / alpha with probability alpha at most (Ville), however often one looks.
 */
export function multinomialLogOdds({ counts, shares, prior }: MultinomialOptions): number {
  const total = sum(counts);
  const weight = sum(prior);
  let odds = logGamma(weight) - logGamma(weight + total);
  for (const [i, count] of counts.entries()) {
    odds += logGamma(prior[i]! + count) - logGamma(prior[i]!);
    if (count > 0) odds -= count * log(shares[i]!);
  }
  return odds;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
