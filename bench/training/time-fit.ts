import { openThreads } from '../../lifecycle/training/threads.ts';
import type { LabelledColumns } from '../../ml/columns.ts';
import type { Model } from '../../ml/fitted-model.ts';
import { type Candidate, fitModel } from '../../ml/model.ts';

/** Fits a candidate as a caller waits for it: threads are started for it, and binning or encoding is part of it. */
export async function timeFit(
  candidate: Candidate,
  data: LabelledColumns,
  rows: Int32Array,
  threadCount: number,
): Promise<{ seconds: number; model: Model }> {
  const start = performance.now();
  const threads = openThreads(threadCount);
  const model = fitModel(candidate, data, rows, 1, { threads });
  const seconds = (performance.now() - start) / 1000;
  await threads.close();
  return { seconds, model };
}
