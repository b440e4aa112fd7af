import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import { multinomialLogOdds } from './multinomial-odds.ts';

/** How units came to lie, beside how they should. */
export interface SampleRatio {
  /** Odds against the shares, 10⁹⁹ at most; 1 before the first unit. */
  readonly odds: number;
  readonly isMismatch: boolean;
}

/** Weight of the prior in units: the odds answer soonest to departures of about 1 / √weight. */
const weight = 100;
const greatestOdds = 1e99;

/**
 * Whether units are spread over variants as their shares say, by the sequential test of Lindon and Malek (2022).
 *
 * @param counts units of each variant
 * @param shares in [0, 1], of sum 1
 * @param alpha probability of ever finding a mismatch that is none. @default - 0.001
 */
export function testSampleRatio(counts: readonly number[], shares: readonly number[], alpha = 0.001): SampleRatio {
  // Where nothing may be, one unit is a mismatch, and none says nothing.
  if (counts.some((count, i) => shares[i] === 0 && count > 0)) return { odds: greatestOdds, isMismatch: true };
  const open = [...shares.keys()].filter(i => shares[i]! > 0);
  const odds = multinomialLogOdds({
    counts: open.map(i => counts[i]!),
    shares: open.map(i => shares[i]!),
    prior: open.map(i => weight * shares[i]!),
  });
  return { odds: Math.min(exp(odds), greatestOdds), isMismatch: odds >= -log(alpha) };
}
