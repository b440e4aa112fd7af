import { countParquetRows, openParquet, readParquetColumns } from '../../../lifecycle/datasets/parquet-columns.ts';
import { StagingPart } from '../../../lifecycle/datasets/staging-part.ts';
import type { ByteRange, Objects } from '../../../platform/objects.ts';

const rows = 250_000;
const part = new StagingPart([
  { name: 'id', type: 'string' },
  { name: 'amount', type: 'double' },
]);
for (let row = 0; row < rows; row++) part.add([`row-${row}`, Math.sin(row)]);
const file = part.take();

/** The file as an object, of which is noted what is read. */
function open() {
  const read: ByteRange[] = [];
  const objects = {
    async read(_: string, range: ByteRange) {
      read.push(range);
      return file.slice(range.start, range.end);
    },
  } as unknown as Objects;
  return {
    opened: openParquet(objects, { key: 'file', size: file.length }),
    bytes: () => read.reduce((sum, { start, end }) => sum + end - start, 0),
  };
}

test('the rows of a Parquet object are counted by its end alone', async () => {
  const { opened, bytes } = open();
  expect(await countParquetRows(opened)).toBe(rows);
  expect(bytes()).toBeLessThan(file.length / 4);
});

test('some rows of a Parquet object are read without the rest', async () => {
  const { opened, bytes } = open();
  const { rows: found, columns } = await readParquetColumns(opened, { start: 9_999, end: 10_002 });
  expect(found).toBe(3);
  expect(columns.get('id')).toEqual(['row-9999', 'row-10000', 'row-10001']);
  expect(columns.get('amount')).toEqual([9_999, 10_000, 10_001].map(Math.sin));
  // Its row group is not the only one, and the end is read with room to spare.
  expect(bytes()).toBeLessThan((2 / 3) * file.length);
});
