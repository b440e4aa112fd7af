import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readLabelledTable } from '../lifecycle/datasets/read-labelled-table.ts';
import { type ModelSession, openModel } from '../lifecycle/inference/model-session.ts';
import { type GateVerdict, judge } from '../lifecycle/release/gate.ts';
import { measure } from '../lifecycle/release/measure.ts';
import { crossValidate } from '../lifecycle/training/cross-validate.ts';
import { compareWithConstant } from '../lifecycle/training/evaluation.ts';
import { pickGoldenColumns, writeInstances } from '../lifecycle/training/golden-rows.ts';
import { takeRows } from '../lifecycle/training/take-rows.ts';
import type { FeatureColumn, LabelledColumns } from '../ml/columns.ts';
import type { Model } from '../ml/fitted-model.ts';
import { type Candidate, fitModel } from '../ml/model.ts';
import { exportOnnx } from '../ml/onnx/export-model.ts';
import { createRandom, type Random, shuffle } from '../ml/random.ts';
import bankMarketing from '../use-cases/bank-marketing.ts';

/** The candidates of the preset `quick`. */
const candidates: Readonly<Record<string, Candidate>> = {
  'logistic-regression': { algorithm: 'logistic-regression', C: 1 },
  'gradient-boosting': { algorithm: 'gradient-boosting', trees: 100, maxDepth: 4, learningRate: 0.1 },
};

/** The feature that is broken: without it, a model is still far better than the base rate. */
const brokenFeature = 'month';
/** Out of fold, the gate only reads whether a candidate finds anything at all: two folds of a part of its rows tell, and are the harder test. */
const folds = 2;
const outOfFoldRows = 9_000;

/**
 * Lets the gate judge three candidates on each resample of the bank marketing data: one trained as the champion was on a quarter more rows, one on
 * shuffled labels, and one on rows with a feature's values in wrong places.
 */
export default async function gate(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      data: { type: 'string', default: '../shared/data/bank-full.csv' },
      resamples: { type: 'string', default: '200' },
      algorithm: { type: 'string', default: 'logistic-regression' },
      verbose: { type: 'boolean', default: false },
    },
  });
  if (!existsSync(values.data)) return { skipped: `there is no ${values.data}; name the file with --data` };
  const demand = { label: 'y', positive: 'yes', exclude: ['duration'], categorical: [], folds };
  const data = await readLabelledTable({ path: values.data }, demand);
  const passes = { more_rows: 0, shuffled_labels: 0, broken_feature: 0 };
  for (let resample = 0; resample < Number(values.resamples); resample++) {
    const verdicts = await judgeResample(data, candidates[values.algorithm]!, resample + 1);
    for (const [name, { decision, reason }] of Object.entries(verdicts)) {
      if (decision === 'passed') passes[name as keyof typeof passes]++;
      if (values.verbose) console.error(resample, name, decision, reason);
    }
  }
  const resamples = Number(values.resamples);
  const percents = Object.entries(passes).map(([name, count]) => [`${name}_pass_percent`, (100 * count) / resamples]);
  return { algorithm: values.algorithm, resamples, ...Object.fromEntries(percents) };
}

/** Rows of one resample: a fifth held out, and of the rest four in five for the champion. */
interface Resample {
  readonly holdout: Int32Array;
  readonly champion: Int32Array;
  readonly candidate: Int32Array;
}

async function judgeResample(data: LabelledColumns, parameters: Candidate, seed: number) {
  const random = createRandom(seed);
  const rows = draw(data.labels.length, random);
  const champion = await openModel(exportOnnx(fitModel(parameters, data, rows.champion, seed)));
  const judged = { data, parameters, rows, champion, seed };
  try {
    return {
      more_rows: await judgeCandidate({ ...judged, training: data }),
      shuffled_labels: await judgeCandidate({
        ...judged,
        training: { ...data, labels: shuffle(data.labels.slice(), random) },
      }),
      broken_feature: await judgeCandidate({
        ...judged,
        training: { ...data, columns: breakFeature(data.columns, random) },
      }),
    };
  } finally {
    await champion.close();
  }
}

function draw(rows: number, random: Random): Resample {
  const order = shuffle(
    Int32Array.from({ length: rows }, (_, row) => row),
    random,
  );
  const candidate = order.subarray(Math.round(rows / 5));
  return {
    holdout: order.subarray(0, Math.round(rows / 5)),
    candidate,
    champion: candidate.subarray(0, Math.round(candidate.length / 1.25)),
  };
}

interface JudgeOptions {
  readonly data: LabelledColumns;
  /** What the candidate is fitted on in its place. */
  readonly training: LabelledColumns;
  readonly parameters: Candidate;
  readonly rows: Resample;
  readonly champion: ModelSession;
  readonly seed: number;
}

async function judgeCandidate({
  data,
  training,
  parameters,
  rows,
  champion,
  seed,
}: JudgeOptions): Promise<GateVerdict> {
  const fitted = { data: training, rows: rows.candidate.subarray(0, outOfFoldRows), parameters, seed, folds };
  const { labels, scores } = crossValidate({ ...fitted, entityIds: Int32Array.from(training.labels.keys()) });
  const model = fitModel(parameters, training, rows.candidate, seed);
  const onnx = exportOnnx(model);
  const session = await openModel(onnx);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const baseRate = positives / labels.length;
  const aboveBaseRate = compareWithConstant({ labels, scores, seed, constant: baseRate });
  try {
    const evidence = await measure({
      candidate: {
        version: 2,
        session,
        goldenRows: pickGoldenRows(model, data, rows.candidate),
        outOfFold: { rows: labels.length, positives, metrics: null, aboveBaseRate },
        modelBytes: onnx.length,
      },
      champion: { version: 1, session: champion },
      baseRate,
      holdout: {
        columns: takeRows(data.columns, rows.holdout),
        labels: Uint8Array.from(rows.holdout, row => data.labels[row]!),
      },
      gates: bankMarketing.gates,
      seed,
    });
    return judge(evidence);
  } finally {
    await session.close();
  }
}

function pickGoldenRows(model: Model, { columns }: LabelledColumns, rows: Int32Array) {
  const golden = pickGoldenColumns(columns, rows);
  const probabilities = model.predict(golden);
  return writeInstances(bankMarketing, golden).map((instance, row) => ({ instance, probability: probabilities[row]! }));
}

/** Puts a category's values into a random order. */
function breakFeature(columns: readonly FeatureColumn[], random: Random): FeatureColumn[] {
  return columns.map(column =>
    column.name === brokenFeature && column.kind === 'category'
      ? { ...column, codes: shuffle(column.codes.slice(), random) }
      : column,
  );
}
