import type { BinnedCalibration } from '../../ml/calibration/binned-calibration.ts';
import { addConceptEvidence, type ConceptDrift, type ConceptEvidence } from '../../ml/drift/concept-drift.ts';
import type { ConfusionMatrix } from '../../ml/metrics/confusion-matrix.ts';
import type { MetricReport } from '../../ml/metrics/evaluate.ts';
import { estimateMetrics, evaluateCounts } from '../../ml/metrics/evaluate-counts.ts';
import type { MetricName } from '../../ml/metrics/metrics.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Evaluation } from '../training/evaluation.ts';
import { findDrop, type QualityDrop } from './quality-drop.ts';
import type { ScoredWindow } from './read-window.ts';

/** A figure with its 95 % interval; NaN is null, as JSON has no NaN. */
export type Figure = { readonly [Part in keyof MetricReport]: MetricReport[Part] | null };
export type Figures = Readonly<Record<MetricName, Figure>>;

/** How good a variant's mature predictions were. */
export interface Quality {
  readonly predictions: number;
  /** Share of the predictions whose outcome came. */
  readonly labelCoverage: number;
  /** Predictions that the figures are about: those with an outcome, and where silence is an outcome, all. */
  readonly labelled: number;
  readonly positives: number;
  /** `exact`, or of scores rounded to four digits. */
  readonly resolution: ScoredWindow['resolution'];
  /** `insufficient data` where the outcomes are all of one label, or too few to say anything. */
  readonly verdict: 'measured' | 'insufficient data';
  readonly metrics: Figures | null;
  /** What was estimated of the same predictions without their outcomes. */
  readonly estimated: Figures | null;
  readonly confusion: ConfusionMatrix;
  /** Mean probability and share of positives, of the same rows. */
  readonly calibration: { readonly expected: number; readonly observed: number } | null;
  /** What the decisions earned, in the use case's currency, and a prediction's mean with its 95 % interval. */
  readonly profit: {
    readonly total: number;
    readonly mean: number;
    readonly low: number;
    readonly high: number;
  } | null;
  /** Against the version's figures on its holdout; null where either is missing. */
  readonly drop: QualityDrop | null;
  /** Null where there is no outcome. */
  readonly concept: Omit<ConceptDrift, 'evidence'> | null;
  /** What all mature windows of the version have shown so far. */
  readonly conceptEvidence: ConceptEvidence;
}

/** Fewer outcomes of either label say nothing. */
export const leastOutcomes = { positives: 10, negatives: 10 } as const;

/** Chance that a version whose concept never changes is ever said to have one that did. */
const conceptAlpha = 0.01;

/** What to measure. */
export interface MeasureQualityOptions {
  readonly useCase: UseCase;
  readonly window: ScoredWindow;
  readonly threshold: number;
  readonly calibration: BinnedCalibration;
  readonly holdout: Evaluation;
  readonly conceptEvidence: ConceptEvidence;
}

/** Measures what came of a variant's mature predictions. */
export function measureQuality(options: MeasureQualityOptions): Quality {
  const { useCase, window, threshold, calibration, holdout, conceptEvidence } = options;
  const labelled = useCase.label.absentMeans === 'negative' ? takeSilenceAsNegative(window) : window;
  const { scores, cells, decisions } = labelled;
  const [negatives, positives] = [sumOf(cells, 0), sumOf(cells, 1)];
  const isEnough = positives >= leastOutcomes.positives && negatives >= leastOutcomes.negatives;
  const metrics = isEnough ? toFigures(evaluateCounts(scores, cells, { threshold, seed: 1 })) : null;
  const confusion = countDecisions(cells, decisions);
  const concept =
    negatives + positives > 0
      ? addConceptEvidence(conceptEvidence, labelled, {
          calibration,
          floor: useCase.monitoring.floors.logOdds,
          alpha: conceptAlpha,
        })
      : null;
  const predictions = window.rows.reduce((sum, rows) => sum + rows, 0);
  return {
    predictions,
    labelCoverage: predictions === 0 ? 0 : (sumOf(window.cells, 0) + sumOf(window.cells, 1)) / predictions,
    labelled: negatives + positives,
    positives,
    resolution: window.resolution,
    verdict: isEnough ? 'measured' : 'insufficient data',
    metrics,
    estimated: isEnough ? estimate(labelled, calibration, threshold) : null,
    confusion,
    calibration: negatives + positives > 0 ? compareShares(labelled) : null,
    profit: earned(confusion, useCase.decision.profit),
    drop: findDrop(useCase.monitoring.retrainOn.qualityDrop, metrics, holdout),
    concept: concept && { logOdds: concept.logOdds, isDrift: concept.isDrift },
    conceptEvidence: concept?.evidence ?? conceptEvidence,
  };
}

/** Estimates the metrics of predictions whose outcomes are not known yet. */
export function estimateQuality(window: ScoredWindow, calibration: BinnedCalibration, threshold: number): Figures {
  return toFigures(estimateMetrics(window, calibration, { threshold, seed: 1 }));
}

function estimate({ scores, cells }: ScoredWindow, calibration: BinnedCalibration, threshold: number): Figures {
  const rows = Int32Array.from(scores, (_, i) => cells[2 * i]! + cells[2 * i + 1]!);
  return toFigures(estimateMetrics({ scores, rows }, calibration, { threshold, seed: 1 }));
}

function takeSilenceAsNegative(window: ScoredWindow): ScoredWindow {
  const cells = Int32Array.from(window.cells, (count, cell) =>
    cell % 2 === 1 ? count : window.rows[cell >> 1]! - window.cells[cell + 1]!,
  );
  return { ...window, cells };
}

function countDecisions(cells: Int32Array, decisions: Uint8Array): ConfusionMatrix {
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  for (const [i, decision] of decisions.entries()) {
    counts[decision === 1 ? 'falsePositives' : 'trueNegatives'] += cells[2 * i]!;
    counts[decision === 1 ? 'truePositives' : 'falseNegatives'] += cells[2 * i + 1]!;
  }
  return counts;
}

function compareShares({ scores, cells }: ScoredWindow) {
  const labelled = sumOf(cells, 0) + sumOf(cells, 1);
  const expected = scores.reduce((sum, score, i) => sum + score * (cells[2 * i]! + cells[2 * i + 1]!), 0);
  return { expected: expected / labelled, observed: sumOf(cells, 1) / labelled };
}

function earned(confusion: ConfusionMatrix, profit: UseCase['decision']['profit']): Quality['profit'] {
  const kinds = [
    [confusion.truePositives, profit.truePositive],
    [confusion.falsePositives, profit.falsePositive],
    [confusion.trueNegatives, profit.trueNegative],
    [confusion.falseNegatives, profit.falseNegative],
  ] as const;
  const rows = kinds.reduce((sum, [count]) => sum + count, 0);
  if (rows === 0) return null;
  const total = kinds.reduce((sum, [count, value]) => sum + count * value, 0);
  const mean = total / rows;
  const variance = kinds.reduce((sum, [count, value]) => sum + count * (value - mean) ** 2, 0) / rows;
  const radius = 1.96 * Math.sqrt(variance / rows);
  return { total, mean, low: mean - radius, high: mean + radius };
}

/** @param label 0 or 1 */
function sumOf(cells: Int32Array, label: number): number {
  return cells.reduce((sum, count, cell) => sum + (cell % 2 === label ? count : 0), 0);
}

function toFigures(reports: Readonly<Record<MetricName, MetricReport>>): Figures {
  const figures = Object.entries(reports).map(([name, report]) => [name, withoutNaN(report)]);
  return Object.fromEntries(figures);
}

function withoutNaN(report: MetricReport): Figure {
  const parts = Object.entries(report).map(([part, value]) => [part, Number.isFinite(value) ? value : null]);
  return Object.fromEntries(parts);
}
