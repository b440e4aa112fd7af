import { selectFiles } from '../../../lifecycle/datasets/plan-batch.ts';
import type { ObjectSummary } from '../../../platform/objects.ts';

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

describe('a batch', () => {
  test('takes 400 files, the first by name', () => {
    const files = waiting(500);
    expect(selectFiles(files, options)).toEqual(files.slice(0, 400));
  });

  test('takes as many of the longest keys as fit into an item of the registry', () => {
    const files = waiting(400, { keyLength: 1_000 });
    expect(selectFiles(files, options)).toEqual(files.slice(0, 100));
  });

  test('takes a gigabyte, or one file that is larger', () => {
    expect(selectFiles(waiting(5, { size: 400_000_000 }), options)).toHaveLength(2);
    expect(selectFiles(waiting(2, { size: 3_000_000_000 }), options)).toHaveLength(1);
  });
});
