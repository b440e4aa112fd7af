import {
  type BinnedNumbers,
  type Counts,
  greatestShareChange,
  jensenShannonDistance,
  populationStabilityIndex,
  total,
  wassersteinDistance,
} from './effect-size.ts';
import type { Histogram } from './histogram.ts';
import {
  type DriftedWindows,
  type DriftTest,
  powerOf,
  pValueOf,
  type Simulator,
  thresholdAt,
} from './null-distribution.ts';
import type { FeatureWindow, ProfileWindow } from './profile-window.ts';
import type { CategoryProfile, NumberProfile, ReferenceProfile } from './reference-profile.ts';
import { type ShareChange, shareChangePValue, sharePower, shareThreshold } from './share-change.ts';
import { shiftLevels } from './shift-levels.ts';

/** What a check compares. */
export type DriftKind = 'distribution' | 'missing' | 'unseen' | 'out of range';

/** How far a distribution moved; `wasserstein` is null of categories. */
export interface EffectSizes {
  readonly jensenShannon: number;
  readonly wasserstein: number | null;
  readonly populationStabilityIndex: number;
}

/** Effects too small to matter. */
export interface DriftFloors {
  readonly wasserstein: number;
  readonly jensenShannon: number;
  readonly share: number;
}

/** A check before the other checks of its report are known. */
export interface PlannedCheck {
  /** Name of a feature, or `scoresSubject`. */
  readonly subject: string;
  readonly kind: DriftKind;
  /** Its part of α, relatively to the other checks'. */
  readonly weight: number;
  /** Rows of the window that it is about. */
  readonly rows: number;
  /** What is held against the floor: a Wasserstein or Jensen–Shannon distance, or the change of a share. */
  readonly effect: number;
  readonly floor: number;
  /** Of a distribution; null of a share. */
  readonly effects: EffectSizes | null;
  /** Probability of as great a change without drift. */
  readonly pValue: number;
  /** Probability of finding a change of twice the floor in as many rows, where p-values up to `level` are significant. */
  readonly powerAt: (level: number) => number;
}

/** Name under which the scores are checked. No feature is called so, as its name has no space. */
export const scoresSubject = 'the scores';

// A share of rows that should be next to none is certain soon: its checks, the most in number, get less of α.
const shareWeight = 0.1;

/** What to plan. */
export interface PlanChecksOptions {
  readonly profile: ReferenceProfile;
  readonly window: ProfileWindow;
  readonly floors: DriftFloors;
  readonly simulate: Simulator;
}

/** Every check of a window against its reference. What has no value in either has none. */
export function planChecks(options: PlanChecksOptions): PlannedCheck[] {
  const { profile, window } = options;
  const checks = profile.features.flatMap((feature, i) => {
    const counted = window.features[i];
    return counted ? planFeature(feature, counted, options) : [];
  });
  return [...checks, ...planNumbers(scoresSubject, profile.scores, window.scores, options)];
}

function planFeature(
  feature: NumberProfile | CategoryProfile,
  window: FeatureWindow,
  options: PlanChecksOptions,
): PlannedCheck[] {
  const { name } = feature;
  const [inReference, inWindow] = [options.profile.rows, options.window.rows];
  const [ofReference, ofWindow] = [inReference - feature.missing, inWindow - window.missing];
  const share = (kind: DriftKind, reference: ShareChange['reference'], count: number, rows: number) =>
    planShare({ subject: name, kind }, { reference, window: { count, rows } }, options.floors.share);
  const missing = share('missing', { count: feature.missing, rows: inReference }, window.missing, inWindow);
  if (feature.kind === 'category') {
    const distribution = planLevels(name, feature.counts, window.counts, options);
    return [
      ...distribution,
      ...missing,
      ...share('unseen', { count: feature.unseen, rows: ofReference }, window.unseen, ofWindow),
    ];
  }
  // Beyond the extremes of other rows lie two of as many new ones; none of the reference's own does. One more stands for that.
  const outOfRange = share(
    'out of range',
    { count: Math.min(1, ofReference), rows: ofReference },
    window.outOfRange,
    ofWindow,
  );
  return [...planNumbers(name, feature, window, options), ...missing, ...outOfRange];
}

/** Of a constant, only the range can tell. */
function planNumbers(
  subject: string,
  reference: Histogram,
  window: Pick<FeatureWindow, 'counts' | 'means'>,
  { floors, simulate }: PlanChecksOptions,
): PlannedCheck[] {
  const statistic = (binned: BinnedNumbers) => wassersteinDistance(reference, binned);
  const test = { reference: reference.counts, values: reference, statistic };
  if (reference.deviation === 0 || total(window.counts) === 0) return [];
  const effects = { ...compareCounts(reference.counts, window.counts), wasserstein: statistic(window) };
  const drifted = () => ({ weights: reference.counts, shift: 2 * floors.wasserstein * reference.deviation });
  return [
    {
      ...planTest(test, window, drifted, simulate),
      ...{ subject, effects, effect: effects.wasserstein, floor: floors.wasserstein },
    },
  ];
}

function planLevels(
  subject: string,
  reference: readonly number[],
  window: readonly number[],
  { floors, simulate }: PlanChecksOptions,
): PlannedCheck[] {
  if (reference.length < 2 || total(reference) === 0 || total(window) === 0) return [];
  const statistic = ({ counts }: BinnedNumbers) => greatestShareChange(reference, counts);
  const effects = { ...compareCounts(reference, window), wasserstein: null };
  const drifted = () => ({ weights: shiftLevels(reference, 2 * floors.jensenShannon), shift: 0 });
  return [
    {
      ...planTest({ reference, values: null, statistic }, { counts: window, means: [] }, drifted, simulate),
      ...{ subject, effects, effect: effects.jensenShannon, floor: floors.jensenShannon },
    },
  ];
}

function compareCounts(reference: Counts, window: Counts) {
  return {
    jensenShannon: jensenShannonDistance(reference, window),
    populationStabilityIndex: populationStabilityIndex(reference, window),
  };
}

/** Windows in which power is measured: enough to tell it from a half. */
const powerWindows = 400;

function planTest(
  test: DriftTest,
  window: BinnedNumbers,
  drifted: () => Pick<DriftedWindows, 'weights' | 'shift'>,
  simulate: Simulator,
) {
  const rows = total(window.counts);
  const distribution = simulate(test, rows);
  return {
    kind: 'distribution' as const,
    weight: 1,
    rows,
    pValue: pValueOf(test.statistic(window), distribution),
    powerAt: (level: number) =>
      powerOf(test, thresholdAt(level, distribution), { ...drifted(), rows, windows: powerWindows, seed: 1 }),
  };
}

function planShare(of: Pick<PlannedCheck, 'subject' | 'kind'>, change: ShareChange, floor: number): PlannedCheck[] {
  const { reference, window } = change;
  if (reference.rows === 0 || window.rows === 0) return [];
  return [
    {
      ...of,
      weight: shareWeight,
      rows: window.rows,
      effect: Math.abs(window.count / window.rows - reference.count / reference.rows),
      floor,
      effects: null,
      pValue: shareChangePValue(change),
      powerAt: level => sharePower(change, 2 * floor, shareThreshold(change, level)),
    },
  ];
}
