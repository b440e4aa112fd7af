import type { FeatureColumn } from '../../ml/columns.ts';
import { missingCode } from '../../ml/columns.ts';
import { pairedBootstrap } from '../../ml/metrics/bootstrap.ts';
import { logLoss } from '../../ml/metrics/probability-losses.ts';
import { rocAuc } from '../../ml/metrics/ranking.ts';
import type { ModelSession } from '../inference/model-session.ts';
import type { GoldenRow } from '../registry/model-card.ts';
import { type GateEvidence, isEnough, isSound } from './gate.ts';

/** A version whose file is open, on trial or in service. */
export interface OpenVersion {
  readonly version: number;
  readonly session: ModelSession;
}

export interface MeasureOptions {
  readonly candidate: OpenVersion & {
    readonly goldenRows: readonly GoldenRow[];
    /** Share of positives among the rows it was fitted on. */
    readonly baseRate: number;
  };
  readonly champion: OpenVersion | undefined;
  /** The holdout of the candidate's dataset. */
  readonly holdout: { readonly columns: readonly FeatureColumn[]; readonly labels: Uint8Array };
  /** ROC AUC by which the candidate may be worse. */
  readonly margin: number;
  /** Decides the bootstrap's draws. */
  readonly seed: number;
}

/** Computes the figures that a version is judged by: both models score the same rows by the files that would answer. */
export async function measure({ candidate, champion, holdout, margin, seed }: MeasureOptions): Promise<GateEvidence> {
  const { columns, labels } = holdout;
  const scores = await scoreAll(candidate.session, columns, labels.length);
  const smoke = await tryGoldenRows(candidate.session, candidate.goldenRows, scores);
  const size = { rows: labels.length, positives: labels.reduce((sum, label) => sum + label, 0) };
  if (!isSound(smoke) || !isEnough(size)) return { smoke, holdout: size, baseRate: null, champion: null };
  return {
    smoke,
    holdout: size,
    baseRate: compareWithBaseRate({ labels, scores, share: candidate.baseRate, seed }),
    champion: champion
      ? compareWithChampion({
          labels,
          scores,
          championScores: await scoreAll(champion.session, columns, labels.length),
          version: champion.version,
          margin,
          seed,
        })
      : null,
  };
}

/** Scores all rows; a feature that the rows no longer have is missing to the model, as it is to the endpoint's. */
function scoreAll(session: ModelSession, columns: readonly FeatureColumn[], rows: number): Promise<Float64Array> {
  const complete = session.inputs.map(({ name, kind }): FeatureColumn => {
    const column = columns.find(column => column.name === name && column.kind === kind);
    if (column) return column;
    return kind === 'number'
      ? { kind, name, values: new Float32Array(rows).fill(Number.NaN) }
      : { kind, name, levels: [], codes: new Int32Array(rows).fill(missingCode) };
  });
  return session.score(complete);
}

async function tryGoldenRows(
  session: ModelSession,
  goldenRows: readonly GoldenRow[],
  holdoutScores: Float64Array,
): Promise<GateEvidence['smoke']> {
  const answers = await session.scoreInstances(goldenRows.map(({ instance }) => instance));
  const unusable = [...answers, ...holdoutScores].filter(answer => !(answer >= 0 && answer <= 1)).length;
  const differences = goldenRows.map(({ probability }, row) => Math.abs(answers[row]! - probability));
  return {
    goldenRows: goldenRows.length,
    unusable,
    largestDifference: unusable > 0 ? null : Math.max(0, ...differences),
  };
}

function compareWithBaseRate({
  labels,
  scores,
  share,
  seed,
}: {
  labels: Uint8Array;
  scores: Float64Array;
  share: number;
  seed: number;
}): GateEvidence['baseRate'] {
  const constant = new Float64Array(labels.length).fill(share);
  const { lowerEnd } = pairedBootstrap({ metric: 'log_loss', labels, candidate: scores, champion: constant, seed });
  return {
    share,
    logLoss: logLoss(labels, constant),
    candidateLogLoss: logLoss(labels, scores),
    improvementLowerEnd: lowerEnd,
  };
}

function compareWithChampion({
  labels,
  scores,
  championScores,
  version,
  margin,
  seed,
}: {
  labels: Uint8Array;
  scores: Float64Array;
  championScores: Float64Array;
  version: number;
  margin: number;
  seed: number;
}): GateEvidence['champion'] {
  const { lowerEnd } = pairedBootstrap({
    metric: 'roc_auc',
    labels,
    candidate: scores,
    champion: championScores,
    seed,
  });
  return {
    version,
    rocAuc: rocAuc(labels, championScores),
    candidateRocAuc: rocAuc(labels, scores),
    differenceLowerEnd: lowerEnd,
    margin,
  };
}
