import { type FeatureColumn, missingCode } from '../../ml/columns.ts';
import { pairedBootstrap } from '../../ml/metrics/bootstrap.ts';
import { logLoss } from '../../ml/metrics/probability-losses.ts';
import { rocAuc } from '../../ml/metrics/ranking.ts';
import type { GatePolicy } from '../../use-cases/release-policy.ts';
import type { ModelSession } from '../inference/model-session.ts';
import type { GoldenRow } from '../registry/model-card.ts';
import { compareWithConstant, type Evaluation } from '../training/evaluation.ts';
import { type GateEvidence, isEnough, isSound } from './gate.ts';
import { measureGroups } from './measure-groups.ts';
import { measureLatency } from './measure-latency.ts';
import { describeDifference } from './score-difference.ts';

/** A version whose file is open, on trial or in service. */
export interface OpenVersion {
  readonly version: number;
  readonly session: ModelSession;
}

export interface MeasureOptions {
  readonly candidate: OpenVersion & {
    readonly goldenRows: readonly GoldenRow[];
    /** What its trainer found out of fold; null of an imported model. */
    readonly outOfFold: Evaluation | null;
    readonly modelBytes: number;
  };
  readonly champion: OpenVersion | undefined;
  /** Share of positives in the rows of the candidate's dataset outside the holdout. */
  readonly baseRate: number;
  /** The holdout of the candidate's dataset. */
  readonly holdout: {
    readonly columns: readonly FeatureColumn[];
    readonly labels: Uint8Array;
    /** Entity of each row, where one has several: intervals draw entities then. @default - each row for itself */
    readonly entities?: readonly string[] | undefined;
  };
  readonly gates: GatePolicy;
  /** Decides the bootstrap's draws. */
  readonly seed: number;
}

/** Computes the figures that a version is judged by: both models score the same rows by the files that would answer. */
export async function measure(options: MeasureOptions): Promise<GateEvidence> {
  const { candidate, champion, holdout } = options;
  const { columns, labels } = holdout;
  const scores = await scoreAll(candidate.session, columns, labels.length);
  const smoke = await tryGoldenRows(candidate.session, candidate.goldenRows, scores);
  const cost = await measureCost(options);
  const size = { rows: labels.length, positives: labels.reduce((sum, label) => sum + label, 0) };
  if (!isSound(smoke) || !isEnough(size)) return { smoke, cost, holdout: size, baseRate: null, champion: null };
  const championScores = champion && (await scoreAll(champion.session, columns, labels.length));
  return {
    smoke,
    cost,
    holdout: size,
    baseRate: compareWithBaseRate(options, scores),
    champion: championScores ? compareWithChampion(options, scores, championScores) : null,
  };
}

/** Scores all rows; a feature that the rows no longer have is missing to the model, as it is to the endpoint's. */
export function scoreAll(
  session: ModelSession,
  columns: readonly FeatureColumn[],
  rows: number,
): Promise<Float64Array> {
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

async function measureCost({ candidate, gates }: MeasureOptions): Promise<GateEvidence['cost']> {
  const { session, goldenRows, modelBytes } = candidate;
  const instances = goldenRows.map(({ instance }) => instance);
  const { maxLatencyMs, maxModelBytes } = gates;
  return { latencyMs: await measureLatency(session, instances), maxLatencyMs, modelBytes, maxModelBytes };
}

function compareWithBaseRate({ candidate, holdout, baseRate: share, seed }: MeasureOptions, scores: Float64Array) {
  const { labels, entities: groups } = holdout;
  return {
    share,
    logLoss: logLoss(labels, new Float64Array(labels.length).fill(share)),
    candidateLogLoss: logLoss(labels, scores),
    improvementLowerEnd: compareWithConstant({ labels, scores, seed, groups, constant: share }).lowerEnd,
    outOfFoldLowerEnd: candidate.outOfFold ? candidate.outOfFold.aboveBaseRate!.lowerEnd : null,
  };
}

function compareWithChampion(
  { champion, holdout, gates, seed }: MeasureOptions,
  scores: Float64Array,
  championScores: Float64Array,
) {
  const { columns, labels, entities } = holdout;
  const compared = { metric: 'roc_auc', labels, candidate: scores, champion: championScores, seed } as const;
  return {
    version: champion!.version,
    rocAuc: rocAuc(labels, championScores),
    candidateRocAuc: rocAuc(labels, scores),
    differenceLowerEnd: pairedBootstrap({ ...compared, groups: entities }).lowerEnd,
    margin: gates.nonInferiorityMargin,
    scoreDifference: describeDifference(scores, championScores),
    groups: measureGroups({ groups: gates.groups, columns, labels, entities, scores, championScores, seed }),
    groupMargin: gates.groupMargin,
  };
}
