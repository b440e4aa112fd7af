import { hash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { StagingPart } from '../lifecycle/datasets/staging-part.ts';
import { createModelCache } from '../lifecycle/inference/model-cache.ts';
import { openModel } from '../lifecycle/inference/model-session.ts';
import { modelCardKey, modelKey } from '../lifecycle/inference/model-signature.ts';
import { toFeatureColumns } from '../lifecycle/scoring/feature-columns.ts';
import { scorePart } from '../lifecycle/scoring/score-part.ts';
import { partResultKey, putScoringBatch, type ScoringBatch } from '../lifecycle/scoring/scoring-batch.ts';
import { fitModel } from '../ml/model.ts';
import { exportOnnx } from '../ml/onnx/export-model.ts';
import { createRandom } from '../ml/random.ts';
import { startLake } from '../test/lifecycle/datasets/lake.ts';
import bankMarketing from '../use-cases/bank-marketing.ts';
import { drawRow, type SyntheticRow } from '../use-cases/draw-row.ts';
import { featureColumns } from '../use-cases/table-schemas.ts';

/**
 * Scores one part as batch scoring does it — reading Parquet, the ONNX session, staging Parquet — on one thread, and beside it the session alone, which is the
 * limit of the runtime. The times are those of the processor: what else runs on the machine does not count.
 */
export default async function scoreBatch(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: { rows: { type: 'string', default: '100000' }, trees: { type: 'string', default: '300' } },
  });
  const [count, trees] = [Number(values.rows), Number(values.trees)];
  const random = createRandom(1);
  const rows = Array.from({ length: count }, () => drawRow(bankMarketing.source.synthetic, random));
  const onnx = fitBoostedTrees(rows.slice(0, 20_000), trees);
  const session = await openModel(onnx);
  const columns = columnsOf(rows);
  await session.score(columnsOf(rows.slice(0, 5_000)));
  const sessionSeconds = await timed(async () => {
    await session.score(columns);
  });
  const { seconds, scored } = await timePart(rows, onnx);
  return {
    ...{ rows: count, trees, features: columns.length, onnx_bytes: onnx.length },
    ...{ session_rows_per_second: Math.round(count / sessionSeconds), rows_per_second: Math.round(count / seconds) },
    scored,
  };
}

function fitBoostedTrees(rows: readonly SyntheticRow[], trees: number): Uint8Array {
  const labels = Uint8Array.from(rows, ({ label }) => (label ? 1 : 0));
  const candidate = {
    algorithm: 'gradient-boosting',
    trees,
    learningRate: 0.05,
    maxDepth: 6,
    earlyStoppingRounds: 0,
  } as const;
  return exportOnnx(fitModel(candidate, { columns: columnsOf(rows), labels }, Int32Array.from(labels.keys()), 1));
}

function columnsOf(rows: readonly SyntheticRow[]) {
  return toFeatureColumns(bankMarketing, name => rows.map(({ features }) => features[name]));
}

async function timePart(rows: readonly SyntheticRow[], onnx: Uint8Array) {
  const lake = await startLake();
  try {
    const { useCase, services } = await lake.open(bankMarketing);
    const { objects, registry } = services;
    const modelSha256 = hash('sha256', onnx, 'hex');
    await objects.write(modelKey(useCase.id, modelSha256), onnx);
    await objects.write(modelCardKey(useCase.id, modelSha256), JSON.stringify({ signature: { features: [] } }));
    const key = `staging/${useCase.id}/bench.parquet`;
    const observations = writeRows(rows);
    await objects.write(key, observations);
    const batch: ScoringBatch = {
      ...{ number: 1, status: 'planned', failure: null, executionId: 'bench', plannedAt: new Date().toISOString() },
      ...{ version: 1, modelSha256, threshold: 0.1, file: null, through: null, attempt: 0, queryIds: [] },
      ...{ parts: 1, partsKey: '', rows: 0, decidedPositive: 0, rejected: 0 },
    };
    await putScoringBatch(registry, useCase.id, batch, null);
    const models = createModelCache(objects);
    (await models.lease(useCase.id, modelSha256)).giveBack();
    const part = { number: 0, key, rows: { start: 0, end: rows.length, size: observations.length } };
    const input = { useCase: useCase.id, batch: 1, part, executionId: 'bench' };
    const seconds = await timed(() => scorePart({ objects, registry, models }, useCase, input));
    const result = await objects.readJson<{ rows: number }>(partResultKey(useCase.id, 1, 0));
    return { seconds, scored: result.rows };
  } finally {
    await lake.stop();
  }
}

function writeRows(rows: readonly SyntheticRow[]): Uint8Array {
  const columns = featureColumns(bankMarketing);
  const part = new StagingPart([{ name: 'observation_id', type: 'string' }, ...columns]);
  rows.forEach(({ features }, row) => {
    part.add([`observation-${row}`, ...columns.map(({ name }) => features[name])]);
  });
  return part.take();
}

/** Seconds of the processor. */
async function timed(act: () => Promise<void>): Promise<number> {
  const begun = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}
