import type { DriftCheck, DriftVerdict } from '../../ml/drift/check-drift.ts';
import type { CostEstimate } from './estimate-cost.ts';
import type { Figures, Quality } from './measure-quality.ts';
import type { VariantService } from './read-window.ts';
import type { TimeSpan } from './window.ts';

/** What a variant did in the recent window. */
export interface RecentReport extends VariantService {
  readonly drift: {
    /** The worst of its checks: one drift is drift. */
    readonly verdict: DriftVerdict;
    readonly checks: readonly DriftCheck[];
    /** Features of the version that the use case no longer has. */
    readonly notCompared: readonly string[];
  };
  /** Estimated from the scores alone; null where there is none. */
  readonly estimated: Figures | null;
}

/** How good a variant's predictions were, whose outcomes are final by now. */
export interface MatureReport extends Quality {
  readonly version: number;
  readonly variant: string;
  readonly threshold: number;
}

/** What monitoring found of a use case in a window. Plain JSON. */
export interface MonitorReport {
  /** Version of this shape. */
  readonly format: 1;
  readonly useCase: string;
  /** The window's: its end in UTC, `2026-11-21T00`. */
  readonly reportId: string;
  /** 1, and one more each time that the window was looked at again. */
  readonly revision: number;
  /** ISO instant. */
  readonly madeAt: string;
  /** ARN of the execution. */
  readonly by: string;
  /** What was looked at. */
  readonly window: TimeSpan;
  readonly matureWindow: TimeSpan;
  /** Of the predictions table. */
  readonly snapshotId: string;
  readonly archiveSeq: number;
  /** Versions with the model that each stands for. */
  readonly models: readonly {
    readonly version: number;
    readonly modelSha256: string;
    readonly referenceRows: number;
  }[];
  /** Version that answered by default when the window ended; null before the first. */
  readonly champion: number | null;
  readonly predictions: number;
  /** Probability that any drift check alarms while nothing drifts. */
  readonly alpha: number;
  readonly recent: readonly RecentReport[];
  readonly mature: readonly MatureReport[];
  readonly cost: CostEstimate;
}

/** What a list shows of a report. */
export interface ReportSummary extends Pick<MonitorReport, 'useCase' | 'reportId' | 'revision' | 'madeAt' | 'by'> {
  readonly window: TimeSpan;
  /** Where the whole report is. */
  readonly key: string;
  readonly champion: number | null;
  readonly predictions: number;
  readonly drift: DriftVerdict;
  /** What drifted: `v7 champion age: distribution`. */
  readonly drifted: readonly string[];
  /** Variants of whose outcomes a metric fell, or whose concept changed. */
  readonly worse: readonly string[];
  readonly labelCoverage: number | null;
  readonly rocAuc: number | null;
  readonly estimatedRocAuc: number | null;
}

/** Shortens a report to what a list shows. The champion's figures stand for all. */
export function summarizeReport(report: MonitorReport, key: string): ReportSummary {
  const { useCase, reportId, revision, madeAt, by, window, champion, predictions, recent, mature } = report;
  const drifted = recent.flatMap(({ version, variant, drift }) =>
    drift.checks
      .filter(({ verdict }) => verdict === 'drift')
      .map(({ subject, kind }) => `v${version} ${variant} ${subject}: ${kind}`),
  );
  const ofChampion = <Variant extends { readonly variant: string }>(variants: readonly Variant[]) =>
    variants.findLast(({ variant }) => variant === 'champion');
  const quality = ofChampion(mature);
  return {
    ...{ useCase, reportId, revision, madeAt, by, window, key, champion, predictions, drifted },
    drift: worstVerdict(recent.map(({ drift }) => drift.verdict)),
    worse: mature.flatMap(describeWorse),
    labelCoverage: quality?.labelCoverage ?? null,
    rocAuc: quality?.metrics?.roc_auc.value ?? null,
    estimatedRocAuc: ofChampion(recent)?.estimated?.roc_auc.value ?? null,
  };
}

/** Drift, where there is any; else insufficient data, where all are. */
export function worstVerdict(verdicts: readonly DriftVerdict[]): DriftVerdict {
  if (verdicts.includes('drift')) return 'drift';
  return verdicts.includes('no drift') ? 'no drift' : 'insufficient data';
}

function describeWorse({ version, variant, drop, concept }: MatureReport): string[] {
  const name = `v${version} ${variant}`;
  const fell = drop?.isDrop
    ? [
        `${name}: ${drop.metric} fell from ${shorten(drop.reference)} to ${shorten(drop.value)}, by ${shorten(drop.atLeast)} at least`,
      ]
    : [];
  return concept?.isDrift ? [...fell, `${name}: outcomes no longer follow the probabilities`] : fell;
}

function shorten(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
