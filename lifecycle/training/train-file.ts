import type { Model } from '../../ml/fitted-model.ts';
import { type MetricName, measureScores } from '../../ml/metrics/metrics.ts';
import { type Candidate, fitModel } from '../../ml/model.ts';
import type { ColumnRoles } from '../datasets/infer-columns.ts';
import { type LabelledTable, readLabelledTable } from '../datasets/read-labelled-table.ts';
import type { TableFile } from '../datasets/table-file.ts';
import { writeFileSignature } from '../scoring/file-signature.ts';
import { checkParity } from './check-parity.ts';
import { type CrossValidation, crossValidate, measureFolds } from './cross-validate.ts';
import { describeFitted, type FitSummary } from './describe-fitted.ts';
import { type CheckedExport, exportChecked } from './export-checked.ts';
import { pickGoldenColumns } from './golden-rows.ts';
import { takeRows } from './take-rows.ts';
import { withThreads } from './threads.ts';

/** What is trained, on which file. */
export interface TrainFileOptions extends ColumnRoles {
  readonly file: TableFile;
  /** The label's value that the model gives the probability of. */
  readonly positive: string;
  readonly candidate: Candidate;
  readonly folds: number;
  readonly seed: number;
  /** Threads to compute on. The model does not depend on them. */
  readonly threads: number;
}

/** Told what is done as soon as it is. */
export interface TrainingWatcher {
  onTable(table: LabelledTable): void;
  /** @param fold from 1 */
  onFold(fold: number, figures: FileFigures): void;
  onFit(summary: FitSummary): void;
  onExport(exported: CheckedExport): void;
}

/** The metrics that are reported of a file. */
export const fileMetrics = [
  'roc_auc',
  'average_precision',
  'log_loss',
  'brier',
  'accuracy',
] as const satisfies MetricName[];

/** A figure for each of the metrics. */
export type FileFigures = Readonly<Record<(typeof fileMetrics)[number], number>>;

/** A model of a file, and how good it is. */
export interface TrainedFile {
  readonly table: LabelledTable;
  /** Of the predictions of all rows, each by a model that has not seen the row. */
  readonly metrics: FileFigures;
  /** Standard deviation of the folds' own figures. */
  readonly foldSd: FileFigures;
  readonly fitted: FitSummary;
  /** Fitted on all rows. */
  readonly exported: CheckedExport;
  /** Probability at or above which the decision is positive; the accuracy is that of these decisions. */
  readonly threshold: number;
}

/** The more probable label is decided for, as the exported graph's own output `label` does. */
const threshold = 0.5;

/**
 * Trains a model on a file: cross-validates the candidate, fits it on all rows, and exports it. The same file, candidate and seed give the same bytes.
 *
 * @throws {UnreadableFileError} @throws {UnsuitableTableError} @throws {ModelParityError}
 */
export async function trainFile(options: TrainFileOptions, watcher: TrainingWatcher): Promise<TrainedFile> {
  const table = await readLabelledTable(options.file, options);
  watcher.onTable(table);
  const { outOfFold, model } = await fitOnThreads(options, table, watcher);
  const exported = await exportFileModel(options, table, model);
  watcher.onExport(exported);
  return {
    table,
    fitted: describeFitted(model.fitted),
    exported,
    threshold,
    metrics: measure(outOfFold.labels, outOfFold.scores),
    foldSd: measureSpread(outOfFold),
  };
}

function fitOnThreads(
  { candidate, seed, folds, threads: count }: TrainFileOptions,
  table: LabelledTable,
  watcher: TrainingWatcher,
): Promise<{ outOfFold: CrossValidation; model: Model }> {
  const rows = Int32Array.from(table.labels.keys());
  const { entityIds } = table;
  return withThreads(count, threads => {
    const outOfFold = crossValidate({
      parameters: candidate,
      seed,
      data: table,
      ...{ entityIds, rows },
      folds,
      threads,
      onFold: ({ fold, labels, scores }) => watcher.onFold(fold + 1, measure(labels, scores)),
    });
    const model = fitModel(candidate, table, rows, seed, { groups: entityIds, threads });
    watcher.onFit(describeFitted(model.fitted));
    return { outOfFold, model };
  });
}

function measure(labels: Uint8Array, scores: Float64Array): FileFigures {
  const figures = measureScores(labels, scores, threshold);
  return collect(name => figures[name]);
}

function measureSpread(outOfFold: CrossValidation): FileFigures {
  const figures = measureFolds(outOfFold, () => threshold);
  return collect(name => figures[name].sd);
}

function collect(figure: (name: keyof FileFigures) => number): FileFigures {
  return Object.fromEntries(fileMetrics.map(name => [name, figure(name)])) as FileFigures;
}

/** The file's answers are compared with the trainer's on no more rows than these, evenly spread. */
const parityRows = 20_000;

function exportFileModel(
  { label, candidate, seed }: TrainFileOptions,
  { columns, labels, features, positive, negative }: LabelledTable,
  model: Model,
): Promise<CheckedExport> {
  const count = Math.min(labels.length, parityRows);
  const rows = Int32Array.from({ length: count }, (_, index) => Math.floor((index * labels.length) / count));
  return exportChecked({
    model,
    metadata: writeFileSignature({ label, positive, negative, threshold, features, candidate, seed }),
    compare: async session => {
      const tables = [takeRows(columns, rows), pickGoldenColumns(columns, rows)];
      const differences = [];
      for (const table of tables) differences.push(checkParity(await session.score(table), model.predict(table)));
      return Math.max(...differences);
    },
  });
}
