import { log } from '../arithmetic/log.ts';
import { multinomialLogOdds } from './multinomial-odds.ts';

/** Events among trials, and the share of them that is accepted. */
export interface ShareTestOptions {
  readonly count: number;
  readonly of: number;
  /** In (0, 1). */
  readonly limit: number;
  /** Probability of ever finding a share exceeded that is not, however often one looks. */
  readonly alpha: number;
}

/**
 * Whether the true share of events is surely above a limit. The two-sided odds against the limit itself, from a uniform mixture, count only where the
 * share seen is above it; there they rise with each event, so a true share below the limit exceeds them no more often than one at it.
 */
export function isShareExceeded({ count, of, limit, alpha }: ShareTestOptions): boolean {
  if (count <= of * limit) return false;
  const odds = multinomialLogOdds({ counts: [count, of - count], shares: [limit, 1 - limit], prior: [1, 1] });
  return odds >= -log(alpha);
}
