import { rejectionLevels } from './benjamini-hochberg.ts';
import { createSimulator, type Simulator } from './null-distribution.ts';
import { type DriftFloors, type PlannedCheck, planChecks } from './plan-checks.ts';
import type { ProfileWindow } from './profile-window.ts';
import type { ReferenceProfile } from './reference-profile.ts';

/** What came of a check. */
export type DriftVerdict = 'drift' | 'no drift' | 'insufficient data';

/** A check with its figures. Plain JSON. */
export interface DriftCheck extends Omit<PlannedCheck, 'weight' | 'powerAt'> {
  readonly verdict: DriftVerdict;
  /** At or below which its p-value is significant beside those of all other checks of the report. */
  readonly level: number;
  /** Probability of finding a change of twice the floor in as many rows. */
  readonly power: number;
}

/** A reference and a window of the same features. */
export interface DriftComparison {
  readonly profile: ReferenceProfile;
  readonly window: ProfileWindow;
}

/** How to check. */
export interface CheckDriftOptions {
  /** Probability that any check of all comparisons together alarms while nothing drifts. */
  readonly alpha: number;
  readonly floors: DriftFloors;
  /** @default - one of its own, as many windows as α needs */
  readonly simulate?: Simulator;
}

/**
 * Compares windows with their references. All checks of all comparisons are one family, to which α belongs. A check alarms when its effect is both
 * significant and at or above its floor; where it does not, and would as likely as not have missed twice the floor, it says so.
 */
export function checkDrift(
  comparisons: readonly DriftComparison[],
  {
    alpha,
    floors,
    simulate = createSimulator({ windows: neededWindows(comparisons, alpha), seed: 1 }),
  }: CheckDriftOptions,
): DriftCheck[][] {
  const planned = comparisons.map(comparison => planChecks({ ...comparison, floors, simulate }));
  const family = planned.flat();
  const levels = rejectionLevels(family, alpha);
  let position = 0;
  return planned.map(checks => checks.map(check => conclude(check, levels[position++]!)));
}

function conclude({ weight, powerAt, ...check }: PlannedCheck, level: number): DriftCheck {
  const isDrift = check.pValue <= level && check.effect >= check.floor;
  const power = powerAt(level);
  return { ...check, level, power, verdict: isDrift ? 'drift' : power < 0.5 ? 'insufficient data' : 'no drift' };
}

/** So many that the p-value which alarms is ten times the smallest there can be; a million at most, which take a minute. */
export function neededWindows(comparisons: readonly Pick<DriftComparison, 'profile'>[], alpha: number): number {
  // The distributions of all features and of the scores, and a fifth more for the checks of shares.
  const checks = comparisons.reduce((sum, { profile }) => sum + 1.2 * profile.features.length + 1, 0);
  return Math.min(1_000_000, Math.max(2_000, Math.ceil((10 * checks) / alpha)));
}
