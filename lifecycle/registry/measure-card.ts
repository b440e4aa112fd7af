import type { FeatureColumn } from '../../ml/columns.ts';
import { bootstrapIntervals } from '../../ml/metrics/bootstrap.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { isLargeGroup, splitByLevel } from '../release/measure-groups.ts';
import { evaluate } from '../training/evaluation.ts';
import { groupByEntity } from '../training/group-by-entity.ts';
import type { Economics, GroupEvaluation } from './card.ts';

/** Holdout rows, and what a version answers to them. */
export interface ScoredHoldout {
  readonly columns: readonly FeatureColumn[];
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  readonly entityIds: readonly string[];
  /** Probability at or above which the decision is positive. */
  readonly threshold: number;
  /** Decides the bootstraps' draws. */
  readonly seed: number;
}

/** Evaluates a version on each level of some features, for itself. @param groups names of category and boolean features */
export function evaluateGroups(holdout: ScoredHoldout, groups: readonly string[]): GroupEvaluation[] {
  return groups.flatMap(feature => {
    const column = holdout.columns.find(({ name }) => name === feature);
    const levels = column ? splitByLevel(column) : [];
    return levels
      .map(({ level, rows }) => ({ feature, level, ...evaluateRows(holdout, rows) }))
      .sort((left, right) => right.rows - left.rows);
  });
}

function evaluateRows({ labels, scores, entityIds, threshold, seed }: ScoredHoldout, rows: readonly number[]) {
  const own = {
    labels: Uint8Array.from(rows, row => labels[row]!),
    scores: Float64Array.from(rows, row => scores[row]!),
    groups: groupByEntity(entityIds, Int32Array.from(rows)),
  };
  const positives = own.labels.reduce((sum, label) => sum + label, 0);
  const isLarge = isLargeGroup(rows.length, positives);
  return {
    rows: rows.length,
    positives,
    decidedPositive: shareFrom(own.scores, threshold),
    metrics: isLarge ? evaluate({ ...own, threshold, seed }).metrics : null,
  };
}

/** Computes what deciding by a version earns. */
export function measureEconomics(
  { labels, scores, entityIds, threshold, seed }: ScoredHoldout,
  { currency, profit }: UseCase['decision'],
): Economics {
  const earn = (isPositive: boolean, label: number) => {
    if (isPositive) return label ? profit.truePositive : profit.falsePositive;
    return label ? profit.falseNegative : profit.trueNegative;
  };
  const earned = Float64Array.from(scores, (score, row) => earn(score >= threshold, labels[row]!));
  const mean = (values: ArrayLike<number>) => sumOf(values) / values.length;
  const drawn = (times: Uint16Array) => sumOf(earned.map((value, row) => value * times[row]!)) / sumOf(times);
  const groups = groupByEntity(entityIds, Int32Array.from(entityIds.keys()));
  const [interval] = bootstrapIntervals([drawn], scores.length, { seed, groups });
  return {
    ...{ currency, profit, threshold },
    decidedPositive: shareFrom(scores, threshold),
    perRow: { value: mean(earned), ...interval! },
    perRowOfEveryone: mean(Float64Array.from(labels, label => earn(true, label))),
    perRowOfNoOne: mean(Float64Array.from(labels, label => earn(false, label))),
  };
}

function shareFrom(scores: Float64Array, threshold: number): number {
  return scores.filter(score => score >= threshold).length / scores.length;
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}
