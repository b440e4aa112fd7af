import { Readable } from 'node:stream';
import { emptyTable } from '../../../lifecycle/datasets/batch.ts';
import { planBatch, selectFiles } from '../../../lifecycle/datasets/plan-batch.ts';
import type { ObjectSummary, Objects } from '../../../platform/objects.ts';
import { minimalUseCase } from './minimal-use-case.ts';

const options = { useCase: 'churn', demo: false, holdsRealRows: true };

/** Files that wait, by the lengths of their keys. */
function waiting(count: number, { keyLength = 40, size = 1 } = {}): ObjectSummary[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `landing/churn/${String(index).padStart(4, '0')}`;
    return {
      key: `${name}-${'x'.repeat(keyLength - name.length - 5)}.csv`.slice(0, keyLength),
      size,
      etag: '',
      lastModified: new Date(0),
    };
  });
}

/** A bucket in which each file has one row. */
function holding(files: ObjectSummary[]): Objects {
  const stream = async () => Readable.from([Buffer.from('amount,visits,plan,member,churned\n1,1,pro,ja,yes\n')]);
  return { list: async () => files, stream } as unknown as Objects;
}

describe('a batch', () => {
  test('takes 400 files, the first by name', () => {
    const files = waiting(500);
    expect(selectFiles(files, options)).toEqual(files.slice(0, 400));
  });

  test('takes as many of the longest keys as fit into an item of the registry', async () => {
    const plan = (files: number) =>
      planBatch({
        ...{ objects: holding(waiting(files, { keyLength: 1_000 })), useCase: minimalUseCase, demo: false, number: 1 },
        ...{ executionId: 'e', plannedAt: '2026-06-15T12:00:00.000Z', table: emptyTable },
      });
    const batch = await plan(400);
    expect(batch.files.length).toBeLessThan(400);
    expect(Buffer.byteLength(JSON.stringify(batch))).toBeLessThan(350_000);
    expect(batch.counts.rows).toBe(batch.files.length);
    expect((await plan(100)).files).toHaveLength(100);
  });

  test('takes a gigabyte, or one file that is larger', () => {
    expect(selectFiles(waiting(5, { size: 400_000_000 }), options)).toHaveLength(2);
    expect(selectFiles(waiting(2, { size: 3_000_000_000 }), options)).toHaveLength(1);
  });
});
