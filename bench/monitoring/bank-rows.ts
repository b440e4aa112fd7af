import { readLabelledTable } from '../../lifecycle/datasets/read-labelled-table.ts';
import type { LabelledColumns } from '../../ml/columns.ts';
import { type Candidate, fitModel } from '../../ml/model.ts';
import { createRandom, shuffle } from '../../ml/random.ts';
import { stratifiedKFold } from '../../ml/selection/stratified-k-fold.ts';

/** The bank marketing data without `duration`, and scores of a model. */
export interface ScoredRows extends LabelledColumns {
  /** Rows that the model was not fitted on, in random order. */
  readonly rows: Int32Array;
  /** Probabilities of those rows, by row. */
  readonly scores: Float64Array;
}

/** Reads the data and fits a model on a random part of it. */
export async function readScoredRows(path: string, candidate: Candidate, fittedRows: number): Promise<ScoredRows> {
  const data = await readBankRows(path);
  const order = shuffle(Int32Array.from(data.labels.keys()), createRandom(1));
  const scores = new Float64Array(data.labels.length);
  const rows = order.slice(fittedRows);
  scoreRows(candidate, data, { fitted: order.slice(0, fittedRows), rows, scores });
  return { ...data, rows, scores };
}

/** Reads the data and scores each row by a model that was fitted on other folds. */
export async function readOutOfFoldScores(
  path: string,
  candidate: Candidate,
): Promise<{ labels: Uint8Array; scores: Float64Array }> {
  const data = await readBankRows(path);
  const all = Int32Array.from(data.labels.keys());
  const folds = stratifiedKFold(data.labels, all, 5, 1);
  const scores = new Float64Array(all.length);
  for (let fold = 0; fold < 5; fold++) {
    const rows = all.filter(row => folds[row] === fold);
    scoreRows(candidate, data, { fitted: all.filter(row => folds[row] !== fold), rows, scores });
  }
  return { labels: data.labels, scores };
}

async function readBankRows(path: string): Promise<LabelledColumns> {
  const demand = { label: 'y', positive: 'yes', exclude: ['duration'], categorical: [], folds: 5 };
  const { columns, labels } = await readLabelledTable({ path }, demand);
  return { columns, labels };
}

/** OUT: scores of the rows */
function scoreRows(
  candidate: Candidate,
  data: LabelledColumns,
  { fitted, rows, scores }: { fitted: Int32Array; rows: Int32Array; scores: Float64Array },
): void {
  const model = fitModel(candidate, data, fitted, 1);
  for (const [i, score] of model.predict(data.columns, rows).entries()) scores[rows[i]!] = score;
}
