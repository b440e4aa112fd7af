import { type OpenThreads, openThreads } from '../../../lifecycle/training/threads.ts';
import { fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { makeUpRows, range } from '../../ml/made-up-rows.ts';

const data = makeUpRows(30_000, 40);
const rows = range(0, 30_000);
const opened: OpenThreads[] = [];

function fitOn(count: number, trees = 15): Uint8Array {
  const threads = openThreads(count);
  opened.push(threads);
  const candidate = { algorithm: 'gradient-boosting', trees, subsample: 0.7, columnsByTree: 0.6 } as const;
  return exportOnnx(fitModel(candidate, data, rows, 1, { threads }));
}

afterAll(async () => {
  for (const threads of opened) await threads.close();
});

test('a model has the same bytes for any number of threads', () => {
  const [single, ...others] = [1, 2, 3].map(count => fitOn(count));
  for (const other of others) expect(other).toEqual(single);
});

test('the same threads fit one model after another', () => {
  const threads = openThreads(2);
  opened.push(threads);
  const train = (seed: number) =>
    exportOnnx(fitModel({ algorithm: 'gradient-boosting', trees: 5, subsample: 0.5 }, data, rows, seed, { threads }));
  expect([train(1), train(2)]).toEqual([train(1), train(2)]);
});

test('a fit does not wait for threads that never come', async () => {
  const threads = openThreads(4);
  await threads.close();
  const candidate = { algorithm: 'gradient-boosting', trees: 3 } as const;
  expect(exportOnnx(fitModel(candidate, data, rows, 1, { threads }))).toEqual(
    exportOnnx(fitModel(candidate, data, rows, 1)),
  );
});
