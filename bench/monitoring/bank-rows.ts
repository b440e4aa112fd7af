import { readLabelledTable } from '../../lifecycle/datasets/read-labelled-table.ts';
import type { LabelledColumns } from '../../ml/columns.ts';
import { type Candidate, fitModel } from '../../ml/model.ts';
import { createRandom, shuffle } from '../../ml/random.ts';

/** The bank marketing data without `duration`, and scores of a model. */
export interface ScoredRows extends LabelledColumns {
  /** Rows that the model was not fitted on, in random order. */
  readonly rows: Int32Array;
  /** Probabilities of those rows, by row. */
  readonly scores: Float64Array;
}

/** Reads the bank marketing data and fits a model on a random part of it. */
export async function readScoredRows(path: string, candidate: Candidate, fittedRows: number): Promise<ScoredRows> {
  const demand = { label: 'y', positive: 'yes', exclude: ['duration'], categorical: [], folds: 5 };
  const { columns, labels } = await readLabelledTable({ path }, demand);
  const order = shuffle(Int32Array.from(labels.keys()), createRandom(1));
  const model = fitModel(candidate, { columns, labels }, order.slice(0, fittedRows), 1);
  const rows = order.slice(fittedRows);
  const scores = new Float64Array(labels.length);
  for (const [i, score] of model.predict(columns, rows).entries()) scores[rows[i]!] = score;
  return { columns, labels, rows, scores };
}
