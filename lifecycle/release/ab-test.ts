import {
  differenceInterval,
  type SequentialInterval,
  variancePerUnit,
} from '../../ml/sequential/confidence-sequence.ts';
import { addToMoments, type Moments, noMoments } from '../../ml/sequential/moments.ts';
import { requiredUnits } from '../../ml/sequential/power.ts';
import { type SampleRatio, testSampleRatio } from '../../ml/sequential/sample-ratio.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { ExperimentPolicy } from '../../use-cases/step-limits.ts';
import { figure } from './figure.ts';
import type { Labelled } from './known-labels.ts';

/** A number of each variant. */
export interface PerVariant {
  readonly champion: number;
  readonly challenger: number;
}

/** What an A/B test found so far. A unit counts once, by its first prediction in the step. */
export interface ExperimentEvidence {
  readonly policy: ExperimentPolicy;
  /** Units that came, by the variant they were assigned to. */
  readonly units: PerVariant;
  /** Of them those whose outcome is mature and known. */
  readonly matured: PerVariant;
  /** Mean value of a matured unit. */
  readonly meanValue: PerVariant;
  readonly sampleRatio: SampleRatio;
  /** Mean value a unit, challenger − champion, with its always-valid 95 % interval; null while the matured units are too few for one. */
  readonly difference: SequentialInterval | null;
  /** Null as above: the variance of the values is not known well enough. */
  readonly power: PowerHint | null;
}

/** How long an 80 % chance of finding the smallest effect that matters takes. */
export interface PowerHint {
  /** Matured units of both variants in all, and how many of them are missing. */
  readonly units: number;
  readonly missing: number;
  /** Days until they are there if units come as they did; null while none come. */
  readonly days: number | null;
}

/** The first prediction of a unit in the step. */
export interface Exposure extends Labelled {
  /** The variant that the unit was assigned to, be it that another one had to answer. */
  readonly arm: keyof PerVariant;
  readonly decision: boolean;
}

/** What an A/B test goes by. */
export interface ExperimentOptions {
  readonly useCase: UseCase;
  readonly exposures: Iterable<Exposure>;
  /** Labels that are mature and known, by prediction id. */
  readonly labels: ReadonlyMap<string, 0 | 1>;
  /** Shares of the units that the variants were to get, of sum 1. */
  readonly shares: PerVariant;
  /** Length of the step so far, in days. */
  readonly days: number;
}

/** Evaluates an A/B test; it may be done at any time and as often as one likes. */
export function evaluateExperiment({
  useCase,
  exposures,
  labels,
  shares,
  days,
}: ExperimentOptions): ExperimentEvidence {
  const policy = useCase.release.experiment;
  const units = { champion: 0, challenger: 0 };
  const values = { champion: noMoments, challenger: noMoments };
  for (const { arm, decision, predictionId } of exposures) {
    units[arm]++;
    const label = labels.get(predictionId);
    if (label !== undefined) values[arm] = addToMoments(values[arm], valueOfUnit(useCase, decision, label));
  }
  const difference = differenceInterval(values.challenger, values.champion);
  const came = { units: units.champion + units.challenger, days, delay: useCase.label.delayDays };
  return {
    policy,
    units,
    matured: { champion: values.champion.count, challenger: values.challenger.count },
    meanValue: { champion: values.champion.mean, challenger: values.challenger.mean },
    sampleRatio: testSampleRatio([units.champion, units.challenger], [shares.champion, shares.challenger]),
    difference,
    power: difference && hintPower(values, policy, came),
  };
}

/** Value of a unit by what was decided on it and what became of it. */
export function valueOfUnit({ release, decision: { profit } }: UseCase, isPositive: boolean, label: 0 | 1): number {
  switch (release.experiment.value) {
    case 'positive label':
      return label;
    case 'negative label':
      return 1 - label;
    default:
      if (isPositive) return label === 1 ? profit.truePositive : profit.falsePositive;
      return label === 1 ? profit.falseNegative : profit.trueNegative;
  }
}

/** The hint in words. */
export function describePower({ power, policy: { minimumEffect } }: ExperimentEvidence): string {
  if (!power) return 'too few units with outcomes to say how many it takes';
  const { units, missing, days } = power;
  const chance = `an 80 % chance of finding a difference of ${figure(minimumEffect)}`;
  if (missing === 0) return `${units} units with outcomes give ${chance}, and they are there`;
  return `${missing} more units with outcomes give ${chance}${days === null ? '' : `, in about ${figure(days)} days`}`;
}

function hintPower(
  { champion, challenger }: { readonly champion: Moments; readonly challenger: Moments },
  { minimumEffect }: ExperimentPolicy,
  came: { readonly units: number; readonly days: number; readonly delay: number },
): PowerHint {
  const units = requiredUnits({ effect: minimumEffect, variancePerUnit: variancePerUnit(challenger, champion) });
  const missing = Math.max(0, units - champion.count - challenger.count);
  const daysToCome = (Math.max(0, units - came.units) / came.units) * came.days;
  // A unit that comes today has its outcome a label delay later.
  const days = missing === 0 ? 0 : daysToCome + came.delay;
  return { units, missing, days: Number.isFinite(days) ? days : null };
}
