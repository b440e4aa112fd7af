import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import type { LabelledTable } from '../lifecycle/datasets/read-labelled-table.ts';
import type { FitSummary } from '../lifecycle/training/describe-fitted.ts';
import {
  type DescribedParameter,
  describeParameters,
  describeResampling,
  readCandidate,
} from '../lifecycle/training/read-candidate.ts';
import { fileMetrics, trainFile } from '../lifecycle/training/train-file.ts';
import { examples, printing } from './command.ts';
import { requireWritable } from './local-files.ts';
import { Progress } from './progress.ts';
import { integerReader, readDelimiter, readJsonObject, readNames } from './read-option.ts';
import { count, table } from './text.ts';

interface TrainOptions {
  readonly data: string;
  readonly delimiter?: string;
  readonly label: string;
  readonly positive: string;
  readonly exclude: readonly string[];
  readonly categorical: readonly string[];
  readonly entity?: string;
  readonly algorithm: string;
  readonly params: object;
  readonly resampling?: object;
  readonly folds: number;
  readonly seed: number;
  readonly threads: number;
  readonly metric: (typeof fileMetrics)[number];
  readonly out: string;
}

/** `perennial train`: a model from a file, without any deployment. */
export function trainCommand(): Command {
  return new Command('train')
    .description(
      'Trains a model on a file: cross-validates it, fits it on all rows, and writes it as ONNX. Needs no cloud.',
    )
    .requiredOption('--data <file>', 'CSV with a header line, NDJSON or Parquet')
    .option('--delimiter <character>', 'between the fields of the CSV; found in its header by default', readDelimiter)
    .requiredOption('--label <column>', 'column with the two values to tell apart')
    .requiredOption('--positive <value>', 'the value whose probability the model gives')
    .option('--exclude <columns>', 'columns that must not train, with commas between', readNames, [])
    .option('--categorical <columns>', 'columns of numbers that are names', readNames, [])
    .option('--entity <column>', 'column that names whom a row is about: all rows of one are in one fold')
    .requiredOption('--algorithm <name>', 'by which algorithm; see below')
    .option('--params <json>', "the algorithm's parameters", text => readJsonObject(text, 'the parameters by name'), {})
    .option(
      '--resampling <json>',
      'how the rows that are fitted on are resampled; the model is calibrated on rows as they are',
      text => readJsonObject(text, 'the method and its parameters'),
    )
    .option('--folds <count>', 'folds of the cross-validation', integerReader(2, 100), 5)
    .option('--seed <integer>', 'decides all that is drawn', integerReader(0, Number.MAX_SAFE_INTEGER), 42)
    .option(
      '--threads <count>',
      'cores to use; the model is the same for any number',
      integerReader(1, 64),
      Math.min(availableParallelism(), 64),
    )
    .addOption(
      new Option('--metric <name>', 'what the progress shows of each fold').choices(fileMetrics).default('roc_auc'),
    )
    .requiredOption('--out <file>', 'where the model goes')
    .addHelpText('after', () => `\nAlgorithms and their parameters:\n${listParameters(describeParameters())}`)
    .addHelpText('after', () => `\nResampling methods and their parameters:\n${listParameters(describeResampling())}`)
    .addHelpText(
      'after',
      examples(
        'train --data bank-full.csv --label y --positive yes --exclude duration --algorithm logistic-regression --out model.onnx',
        `train --data telco-churn.csv --label Churn --positive Yes --algorithm gradient-boosting --params '{"trees":300,"maxLeaves":15,"learningRate":0.03}' --out model.onnx`,
        `train --data bank-full.csv --label y --positive yes --exclude duration --algorithm gradient-boosting --resampling '{"method":"smote","k":3,"percentageOver":400}' --out model.onnx`,
      ),
    )
    .action(printing(train));
}

async function train(options: TrainOptions): Promise<object> {
  const { data, delimiter, metric, folds, seed, out } = options;
  const { resampling } = options;
  const candidate = readCandidate(options.algorithm, { ...options.params, ...(resampling && { resampling }) });
  // Found out now rather than when the model is there.
  await requireWritable(out, [data]);
  const progress = new Progress();
  let fitSeconds = 0;
  const trained = await trainFile(
    { ...options, file: { path: data, delimiter }, candidate },
    {
      onTable(rows) {
        progress.next('Read', `${count(rows.labels.length)} rows`);
        console.error(`${describe(rows)}\n`);
      },
      onFold: (fold, figures) => progress.next(`Fold ${fold} of ${folds}`, `${metric} ${figures[metric].toFixed(4)}`),
      onFit(summary) {
        fitSeconds = progress.next('Fit on all rows', describeFit(summary));
      },
      onExport: ({ onnx, parity }) =>
        progress.next('Export', `${count(onnx.length)} bytes, within ${parity.toExponential(1)} of the trainer`),
    },
  );
  await writeFile(out, trained.exported.onnx);
  const { algorithm, ...parameters } = candidate;
  const { labels, features, leftOut, entityIds } = trained.table;
  return {
    algorithm,
    parameters,
    rows: labels.length,
    positives: labels.reduce((sum, label) => sum + label, 0),
    ...(options.entity !== undefined && { entities: new Set(Array.from(entityIds)).size }),
    features: features.length,
    left_out: leftOut.map(({ name }) => name),
    folds,
    seed,
    metrics: trained.metrics,
    fold_sd: trained.foldSd,
    threshold: trained.threshold,
    fitted: trained.fitted,
    fit_seconds: round(fitSeconds),
    seconds: round(progress.elapsed),
    peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    parity: trained.exported.parity,
    model_sha256: trained.exported.sha256,
  };
}

function listParameters(parameters: readonly DescribedParameter[]): string {
  return table(
    ['', 'parameter', 'default', 'accepted'],
    parameters.map(parameter => [parameter.of, parameter.name, parameter.default ?? 'none', parameter.accepted]),
  );
}

/** The columns as they were understood. */
function describe({ features, columns, leftOut, unlabelled }: LabelledTable): string {
  const rows = features.map(({ name, type, missing, remark = '' }, index) => {
    const values = columns[index]!;
    return [name, type, values.kind === 'category' ? values.levels.length : null, missing, remark];
  });
  return [
    table(['column', 'type', 'levels', 'missing', ''], rows),
    ...leftOut.map(({ name, reason }) => `"${name}" is left out: ${reason}`),
    ...(unlabelled > 0 ? [`${count(unlabelled)} rows are left out: they have no label`] : []),
  ].join('\n');
}

function describeFit({ trees, iterations, converged }: FitSummary): string {
  if (trees !== undefined) return `${trees} trees`;
  if (iterations === undefined) return '';
  return converged ? `${iterations} steps` : `has not converged after ${iterations} steps: allow more by maxIter`;
}

function round(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
