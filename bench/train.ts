import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openThreads } from '../lifecycle/training/threads.ts';
import type { LabelledColumns } from '../ml/columns.ts';
import { fitGradientBoosting, predictGradientBoosting } from '../ml/gradient-boosting/gradient-boosting.ts';
import { rocAuc } from '../ml/metrics/ranking.ts';
import { columnCount, type Kind, makeUpRows } from './training/synthetic-rows.ts';
import { type Fit, openXgboost, type Xgboost } from './training/xgboost.ts';

/** Rows after the fitted ones, on which models are compared. */
const heldRows = 50_000;
const parameters = { trees: 100, maxDepth: 6, learningRate: 0.1 };

/**
 * Times boosted trees (100, depth 6, 255 bins) on made-up rows of 28 columns, binning included, in turn with XGBoost's `hist` where the system's Python has
 * it. Ratios are of medians: ours by the other's. `--parts` picks some of speed, costs (of missing values and categories) and scale.
 */
export default async function train(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      parts: { type: 'string', default: 'speed,costs,scale' },
      rows: { type: 'string', default: '50000,200000,500000' },
      threads: { type: 'string', default: '1,2' },
      repeats: { type: 'string', default: '3' },
      scale: { type: 'string', default: '50000,100000,200000,500000,1000000' },
    },
  });
  const numbers = (list: string) => list.split(',').map(Number);
  const parts = values.parts.split(',');
  const repeats = Number(values.repeats);
  const threads = numbers(values.threads);
  return {
    ...(parts.includes('speed') ? await compareSpeed(numbers(values.rows), threads, repeats) : {}),
    ...(parts.includes('costs') ? await compareKinds(Math.min(200_000, ...numbers(values.rows)), repeats) : {}),
    ...(parts.includes('scale') ? measureScale(numbers(values.scale), Math.max(...threads)) : {}),
  };
}

async function compareSpeed(rowCounts: number[], threadCounts: number[], repeats: number): Promise<object> {
  const figures: Record<string, unknown> = {};
  for (const rows of rowCounts) {
    const data = makeUpRows(rows + heldRows);
    const xgboost = await openXgboost(data, rows);
    if (typeof xgboost === 'string') figures.xgboost = `absent: ${xgboost}`;
    else figures.xgboost = xgboost.version;
    try {
      for (const threads of threadCounts) {
        Object.assign(
          figures,
          await compareFits(data, rows, threads, repeats, typeof xgboost === 'string' ? undefined : xgboost),
        );
      }
    } finally {
      if (typeof xgboost !== 'string') xgboost.close();
    }
  }
  return figures;
}

async function compareFits(
  data: LabelledColumns,
  rows: number,
  threads: number,
  repeats: number,
  xgboost: Xgboost | undefined,
): Promise<object> {
  const ours: Fit[] = [];
  const theirs: Fit[] = [];
  for (let round = 0; round < repeats; round++) {
    ours.push(await fitOurs(data, rows, threads));
    if (xgboost) theirs.push(await xgboost.fit(threads));
  }
  const name = `${rows}_rows_${threads}_threads`;
  const seconds = medianSeconds(ours);
  const own = { [`seconds_${name}`]: round(seconds), [`auc_${name}`]: round(ours[0]!.auc) };
  if (!xgboost) return own;
  return {
    ...own,
    [`xgboost_seconds_${name}`]: round(medianSeconds(theirs)),
    [`ratio_${name}`]: round(seconds / medianSeconds(theirs)),
    [`auc_difference_${name}`]: round(ours[0]!.auc - theirs[0]!.auc),
  };
}

async function fitOurs(data: LabelledColumns, rows: number, threadCount: number): Promise<Fit> {
  const fitted = Int32Array.from({ length: rows }, (_, row) => row);
  const held = Int32Array.from({ length: data.labels.length - rows }, (_, row) => rows + row);
  const start = performance.now();
  // Threads are part of what it takes.
  const threads = openThreads(threadCount);
  const model = fitGradientBoosting(parameters, data, fitted, 1, { threads });
  const seconds = (performance.now() - start) / 1000;
  await threads.close();
  return { seconds, auc: rocAuc(data.labels.subarray(rows), predictGradientBoosting(model, data.columns, held)) };
}

/** What missing values and categories cost: ratios of one thread's time to that of plain numbers. */
async function compareKinds(rows: number, repeats: number): Promise<object> {
  const kinds: readonly Kind[] = ['numbers', 'missing', 'categories'];
  const data = kinds.map(kind => makeUpRows(rows + 1_000, kind));
  const fits: Fit[][] = kinds.map(() => []);
  for (let round = 0; round < repeats; round++) {
    for (const [i, of] of data.entries()) fits[i]!.push(await fitOurs(of, rows, 1));
  }
  const [numbers, missing, categories] = fits.map(medianSeconds) as [number, number, number];
  return {
    [`ratio_missing_${rows}_rows`]: round(missing / numbers),
    [`ratio_categories_${rows}_rows`]: round(categories / numbers),
  };
}

/** Time and memory by rows, each in a process of its own. */
function measureScale(rowCounts: number[], threads: number): object {
  const script = fileURLToPath(new URL('training/fit-once.ts', import.meta.url));
  const series = rowCounts.map(rows => {
    const { seconds, peakMegabytes } = JSON.parse(
      execFileSync(process.execPath, [script, String(rows), String(threads)], { encoding: 'utf8' }),
    ) as { seconds: number; peakMegabytes: number };
    const matrix = (rows * columnCount * 4) / 1024 / 1024;
    return {
      rows,
      seconds: round(seconds),
      microseconds_a_row: round((seconds * 1e6) / rows),
      peak_mb: Math.round(peakMegabytes),
      ratio_peak_to_matrix: round(peakMegabytes / matrix),
    };
  });
  return { scale: series };
}

function medianSeconds(fits: readonly Fit[]): number {
  const sorted = fits.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
