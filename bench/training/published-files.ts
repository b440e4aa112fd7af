import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type LabelledTable, readLabelledTable } from '../../lifecycle/datasets/read-labelled-table.ts';
import type { FeatureColumn } from '../../ml/columns.ts';
import type { Candidate } from '../../ml/model.ts';

/** What other libraries reach on a file, of out-of-fold predictions over 5 stratified folds. */
export interface Reference {
  readonly candidate: Candidate;
  readonly roc_auc: number;
  readonly average_precision?: number;
  readonly log_loss?: number;
}

/** A public data set. */
export interface PublishedFile {
  readonly name: string;
  readonly label: string;
  readonly positive: string;
  readonly exclude: readonly string[];
  readonly references: readonly Reference[];
}

const logistic: Candidate = { algorithm: 'logistic-regression' };

/** The data sets that models are compared on, and the figures of scikit-learn and XGBoost with sane settings. */
export const publishedFiles: readonly PublishedFile[] = [
  {
    name: 'bank-full.csv',
    ...{ label: 'y', positive: 'yes', exclude: ['duration'] },
    references: [
      { candidate: logistic, roc_auc: 0.7655 },
      {
        candidate: {
          ...{ algorithm: 'gradient-boosting', trees: 300, maxDepth: 4, learningRate: 0.05 },
          ...{ subsample: 0.8, columnsByTree: 0.8 },
        },
        ...{ roc_auc: 0.8025, average_precision: 0.458, log_loss: 0.283 },
      },
    ],
  },
  {
    name: 'telco-churn.csv',
    ...{ label: 'Churn', positive: 'Yes', exclude: ['customerID'] },
    references: [
      { candidate: logistic, roc_auc: 0.8453 },
      {
        candidate: { algorithm: 'gradient-boosting', trees: 300, maxLeaves: 15, learningRate: 0.03 },
        ...{ roc_auc: 0.845, average_precision: 0.661, log_loss: 0.417 },
      },
    ],
  },
  {
    name: 'marketing-conversion.csv',
    ...{ label: 'conversion', positive: '1', exclude: [] },
    references: [
      { candidate: logistic, roc_auc: 0.6468 },
      { candidate: { algorithm: 'gradient-boosting' }, roc_auc: 0.6439, average_precision: 0.225, log_loss: 0.4002 },
    ],
  },
];

/** Reads a data set. @returns undefined when the folder has none of that name */
export async function readPublishedFile(folder: string, file: PublishedFile): Promise<LabelledTable | undefined> {
  const path = join(folder, file.name);
  if (!existsSync(path)) return undefined;
  return readLabelledTable({ path, delimiter: undefined }, { ...file, categorical: [], folds: 5 });
}

/** Number of levels of each column, 0 for numbers. */
export function countLevels(columns: readonly FeatureColumn[]): number[] {
  return columns.map(column => (column.kind === 'category' ? column.levels.length : 0));
}
