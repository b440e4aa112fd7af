import type { LoggedPrediction } from '../../../contracts/http.ts';
import { readCurrentSnapshot } from '../../../lifecycle/datasets/snapshot.ts';
import { readHistograms, readScores, readService } from '../../../lifecycle/monitoring/read-window.ts';
import { readModelCard } from '../../../lifecycle/registry/model-files.ts';
import { readVersion } from '../../../lifecycle/registry/versions.ts';
import { type FeatureColumn, missingCode } from '../../../ml/columns.ts';
import { countWindow } from '../../../ml/drift/count-window.ts';
import { predictionsTable } from '../../../use-cases/table-schemas.ts';
import { type Lake, type OpenUseCase, startLake } from '../datasets/lake.ts';
import { openMonitored, predict, tell } from './monitored.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await startLake();
});
afterAll(() => lake.stop());

async function rowsOf({ services, useCase }: OpenUseCase) {
  const { snapshotId } = (await readCurrentSnapshot(services.athena, predictionsTable(useCase).name))!;
  const span = { from: '2026-06-14T00:00:00.000Z', to: '2026-06-15T00:00:00.000Z' };
  return { useCase, snapshotId, archiveSeq: 1, ...span };
}

test('histograms made in SQL are those that the kernel makes of the same rows, edges and odd values included', async () => {
  const opened = await openMonitored(lake);
  const { services, useCase } = opened;
  const { referenceProfile } = await readModelCard(
    services.objects,
    await readVersion(services.registry, useCase.id, 1),
  );
  const [amount] = referenceProfile.features;
  const edges = amount!.kind === 'number' ? amount!.edges : [];
  let row = 0;
  const predictions = await predict(opened, {
    ...{ day: '2026-06-14T00:00:00Z', count: 120 },
    alter: features => {
      row += 1;
      if (row <= edges.length) return { ...features, amount: edges[row - 1]! };
      if (row % 10 === 0) return { ...features, amount: null, plan: null, is_member: null };
      if (row % 10 === 1) return { ...features, amount: row % 20 === 1 ? -5_000.5 : 1e6, visits: 99, plan: 'gold' };
      return { ...features, amount: row / 3 };
    },
  });
  const counted = (await readHistograms(services.athena, await rowsOf(opened), 1, referenceProfile)).get('champion')!;
  const scores = Float64Array.from(predictions, ({ probability }) => probability);
  const expected = countWindow(referenceProfile, toColumns(opened, predictions), scores);
  expect(counted.rows).toBe(120);
  for (const [i, feature] of [...expected.features, { ...expected.scores, missing: 0 }].entries()) {
    const { means, ...counts } = feature!;
    const found = counted.features[i] ?? counted.scores;
    expect(found).toMatchObject(counts);
    for (const [bin, mean] of means.entries()) expect(found.means[bin]).toBeCloseTo(mean, 3);
  }
});

function toColumns({ useCase }: OpenUseCase, predictions: readonly LoggedPrediction[]): FeatureColumn[] {
  return Object.entries(useCase.features).map(([name, feature]): FeatureColumn => {
    const values = predictions.map(({ features }) => features[name] ?? null);
    if (feature.type !== 'category') {
      return {
        kind: 'number',
        name,
        values: Float32Array.from(values, value => (value === null ? Number.NaN : Number(value))),
      };
    }
    const levels = [...feature.levels, 'gold'];
    const codes = Int32Array.from(values, value => (value === null ? missingCode : levels.indexOf(String(value))));
    return { kind: 'category', name, levels, codes };
  });
}

test('scores are counted with the outcome that was observed last, each variant for itself', async () => {
  const opened = await openMonitored(lake);
  const champion = await predict(opened, { day: '2026-06-14T00:00:00Z', count: 40 });
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 7, variant: 'challenger', seed: 9 });
  await predict(opened, { day: '2026-06-14T00:00:00Z', count: 5, variant: 'shadow', seed: 10 });
  await tell(opened, champion.slice(0, 30), { receivedAt: '2026-06-20T00:00:00.000Z', law: () => 0 });
  await tell(opened, champion.slice(0, 10), { receivedAt: '2026-06-21T00:00:00.000Z', law: () => 1 });
  const rows = await rowsOf(opened);
  const { athena } = opened.services;
  const service = await readService(athena, rows);
  expect(service.map(({ variant, predictions }) => [variant, predictions])).toEqual([
    ['challenger', 7],
    ['champion', 40],
  ]);
  for (const resolution of ['exact', 'four digits'] as const) {
    const scored = await readScores(athena, rows, { resolution, isMature: true });
    const found = scored.find(({ variant }) => variant === 'champion')!;
    const sum = (label: number) =>
      found.cells.reduce((total, count, cell) => total + (cell % 2 === label ? count : 0), 0);
    expect([sum(0), sum(1), found.rows.reduce((total, count) => total + count, 0)]).toEqual([20, 10, 40]);
    expect(scored.map(({ variant }) => variant).sort()).toEqual(['challenger', 'champion']);
  }
});
