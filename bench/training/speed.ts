import type { LabelledColumns } from '../../ml/columns.ts';
import { rocAuc } from '../../ml/metrics/ranking.ts';
import type { Candidate } from '../../ml/model.ts';
import { compareFits, medianSeconds, round } from './compare-fits.ts';
import { type Fit, openPython } from './python.ts';
import { type Kind, makeUpRows } from './synthetic-rows.ts';
import { timeFit } from './time-fit.ts';

/** Boosted trees as both libraries fit them, with 255 bins. */
export const speedCandidate: Candidate = { algorithm: 'gradient-boosting', trees: 100, maxDepth: 6, learningRate: 0.1 };

/** Rows after the fitted ones, on which models are compared. */
const heldRows = 50_000;

/** Boosted trees on made-up numbers against XGBoost's `hist`, by rows and threads; then what missing values and categories cost. */
export async function* compareSpeed(
  rowCounts: readonly number[],
  threadCounts: readonly number[],
  rounds: number,
): AsyncGenerator<object> {
  for (const rows of rowCounts) {
    const data = makeUpRows(rows + heldRows);
    const xgboost = await openPython('fit_xgboost.py', data, String(rows));
    try {
      for (const threads of threadCounts) {
        const figures = await compareFits(rounds, () => fitAndJudge(data, rows, threads), xgboost, { threads });
        yield { part: 'speed', rows, threads, ...figures };
      }
    } finally {
      if (typeof xgboost !== 'string') xgboost.close();
    }
  }
  yield* compareKinds(Math.min(200_000, Math.max(...rowCounts)), rounds);
}

async function fitAndJudge(data: LabelledColumns, rows: number, threads: number): Promise<Fit> {
  const { seconds, model } = await timeFit(speedCandidate, data, firstRows(rows), threads);
  const held = Int32Array.from({ length: data.labels.length - rows }, (_, row) => rows + row);
  return { seconds, auc: rocAuc(data.labels.subarray(rows), model.predict(data.columns, held)) };
}

/** Ratios of one thread's time to that of plain numbers. */
async function* compareKinds(rows: number, rounds: number): AsyncGenerator<object> {
  const kinds: readonly Kind[] = ['numbers', 'missing', 'categories'];
  const data = kinds.map(kind => makeUpRows(rows, kind));
  const fits: { seconds: number }[][] = kinds.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, of] of data.entries()) fits[i]!.push(await timeFit(speedCandidate, of, firstRows(rows), 1));
  }
  const [numbers, ...others] = fits.map(medianSeconds) as [number, ...number[]];
  for (const [i, seconds] of others.entries()) {
    yield {
      ...{ part: 'speed', rows, threads: 1, with: kinds[i + 1], seconds: round(seconds) },
      ...{ seconds_of_numbers: round(numbers), ratio: round(seconds / numbers) },
    };
  }
}

function firstRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, row) => row);
}
