import { type ConfusionMatrix, confusionMatrix } from '../../ml/metrics/confusion-matrix.ts';
import { evaluateScores, type MetricReport } from '../../ml/metrics/evaluate.ts';
import type { MetricName } from '../../ml/metrics/metrics.ts';
import { readTable, type TableFile } from '../datasets/table-file.ts';
import { InvalidScoresError, readScores, type Score } from './read-scores.ts';

/** Which scores are held against which labels. */
export interface EvaluateScoresOptions {
  readonly scores: TableFile;
  readonly data: TableFile;
  /** Name of the label's column in the data. */
  readonly label: string;
  readonly positive: string;
  /** Column of the data that names whom a row is about; intervals then draw these. @default - each row is about someone else */
  readonly entity?: string | undefined;
}

/** How well scores fit the labels of their rows. */
export interface ScoresEvaluation {
  readonly rows: number;
  readonly positives: number;
  /** Scored rows without a label, which do not count. */
  readonly unlabelled: number;
  /** Rows of the data without a score, which do not count. */
  readonly unscored: number;
  /** The least probability that was decided positive; 0.5 for scores without decisions. */
  readonly threshold: number;
  readonly confusion: ConfusionMatrix;
  readonly metrics: Readonly<Record<MetricName, MetricReport>>;
}

/**
 * Evaluates a file of scores on the labels of the file that was scored.
 *
 * @throws {UnreadableFileError} @throws {InvalidScoresError}
 */
export async function evaluateScoresFile(options: EvaluateScoresOptions): Promise<ScoresEvaluation> {
  const byRow = await readScores(options.scores);
  const { labelTexts, scored, entities, ...counts } = await joinLabels(options, byRow);
  const threshold = findThreshold(options, scored, new Set(labelTexts));
  const labels = Uint8Array.from(labelTexts, text => (text === options.positive ? 1 : 0));
  const scores = Float64Array.from(scored, ({ probability }) => probability);
  return {
    ...counts,
    rows: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    threshold,
    confusion: confusionMatrix(labels, scores, threshold),
    metrics: evaluateScores({
      ...{ labels, scores, threshold, seed: 1, replicates: replicatesOf(labels.length) },
      groups: options.entity === undefined ? undefined : entities,
    }),
  };
}

/** The labels of the scored rows, their scores in the same order, and whom they are about where that is asked for. */
async function joinLabels(
  { scores, data, label, positive, entity }: EvaluateScoresOptions,
  byRow: ReadonlyMap<number, Score>,
) {
  const labelTexts: string[] = [];
  const scored: Score[] = [];
  const entities: (string | number)[] = [];
  let [rows, unlabelled, unscored] = [0, 0, 0];
  const { columns, blocks } = await readTable(data);
  for await (const block of blocks) {
    for (const row of block) {
      rows += 1;
      const score = byRow.get(row.number);
      const text = row.text(label);
      if (!score) unscored += 1;
      else if (text === '') unlabelled += 1;
      else {
        labelTexts.push(text);
        scored.push(score);
        if (entity !== undefined) entities.push(row.text(entity) || row.number);
      }
    }
  }
  const fail = (problem: string) => {
    throw new InvalidScoresError(scores.path, problem);
  };
  for (const name of [label, entity ?? label]) {
    if (!columns.has(name)) fail(`"${data.path}" has no column "${name}", but ${[...columns].join(', ')}`);
  }
  const beyond = byRow.size - (rows - unscored);
  if (beyond > 0) fail(`it scores ${beyond} rows that "${data.path}" does not have: that has ${rows}`);
  const values = [...new Set(labelTexts)];
  const expected = `label "${label}" of the scored rows has the values ${values.map(value => `"${value}"`).join(', ')}`;
  if (values.length !== 2) fail(`${expected}, expected two`);
  if (!values.includes(positive)) fail(`${expected}, and none is "${positive}"`);
  return { labelTexts, scored, entities, unlabelled, unscored };
}

const usualThreshold = 0.5;

/** Finds the threshold by which the scores' decisions were made. @throws {InvalidScoresError} when there is none */
function findThreshold(
  { scores: { path }, positive }: EvaluateScoresOptions,
  scored: readonly Score[],
  labels: ReadonlySet<string>,
): number {
  let threshold = Number.POSITIVE_INFINITY;
  let highestNegative = Number.NEGATIVE_INFINITY;
  for (const { probability, decision } of scored) {
    if (decision === '') return usualThreshold;
    if (!labels.has(decision)) {
      const accepted = [...labels].map(label => `"${label}"`).join(' or ');
      throw new InvalidScoresError(path, `a decision is "${decision}", expected ${accepted}`);
    }
    if (decision === positive) threshold = Math.min(threshold, probability);
    else highestNegative = Math.max(highestNegative, probability);
  }
  if (highestNegative >= threshold) {
    throw new InvalidScoresError(
      path,
      `a row of probability ${threshold} is decided "${positive}", but one of ${highestNegative} is not`,
    );
  }
  // Where no row was decided positive, none is by any threshold above 1.
  return Math.min(threshold, 2);
}

/** As many as a few seconds allow, 1000 at most. */
function replicatesOf(rows: number): number {
  return Math.max(100, Math.min(1_000, Math.floor(2e8 / rows)));
}
