import { hash } from 'node:crypto';
import type { Candidate } from '../../ml/model.ts';
import { exportOnnx } from '../../ml/onnx/export-model.ts';
import { speedCandidate } from './speed.ts';
import { makeUpRows } from './synthetic-rows.ts';
import { timeFit } from './time-fit.ts';

const rowCount = 100_000;
const candidates: readonly Candidate[] = [
  speedCandidate,
  { algorithm: 'gradient-boosting', trees: 50, maxLeaves: 31, subsample: 0.8, columnsByTree: 0.8 },
  { algorithm: 'random-forest', trees: 10 },
  { algorithm: 'logistic-regression' },
];

/** Whether models of made-up rows with missing values are the same bytes for each number of threads, and when fitted once more. */
export async function* checkDeterminism(threadCounts: readonly number[]): AsyncGenerator<object> {
  const data = makeUpRows(rowCount, 'missing');
  const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
  for (const candidate of candidates) {
    const hashes: string[] = [];
    for (const threads of [...threadCounts, threadCounts.at(-1)!]) {
      const { model } = await timeFit(candidate, data, rows, threads);
      hashes.push(hash('sha256', exportOnnx(model), 'hex'));
    }
    const distinct = new Set(hashes);
    yield {
      part: 'determinism',
      rows: rowCount,
      ...candidate,
      threads: threadCounts,
      sha256: [...distinct],
      same: distinct.size === 1,
    };
  }
}
