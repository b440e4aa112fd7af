import { Readable } from 'node:stream';
import { emptyTable } from '../../../lifecycle/datasets/batch.ts';
import { planBatch } from '../../../lifecycle/datasets/plan-batch.ts';
import type { Objects } from '../../../platform/objects.ts';
import { minimalUseCase } from './minimal-use-case.ts';

/** Landing files of one row each, with names of a kilobyte. */
function landing(files: number): Objects {
  const keys = Array.from({ length: files }, (_, file) => `landing/tiny-churn/${file}-${'x'.repeat(990)}.csv`);
  const summaries = keys.map(key => ({ key, size: 10, etag: 'e', lastModified: new Date(0) }));
  return {
    list: async () => summaries,
    stream: async () => Readable.from([Buffer.from('amount,visits,plan,member,churned\n1,1,pro,ja,yes\n')]),
  } as unknown as Objects;
}

test('a batch takes as many files as its item of the registry can hold, and leaves the rest to the next', async () => {
  const plan = (files: number) =>
    planBatch({
      ...{ objects: landing(files), useCase: minimalUseCase, demo: false, number: 1, executionId: 'e' },
      ...{ plannedAt: '2026-06-15T12:00:00.000Z', table: emptyTable },
    });
  const many = await plan(400);
  expect(many.files.length).toBeLessThan(400);
  expect(Buffer.byteLength(JSON.stringify(many))).toBeLessThan(350_000);
  expect(many.counts.rows).toBe(many.files.length);
  expect((await plan(100)).files).toHaveLength(100);
});
