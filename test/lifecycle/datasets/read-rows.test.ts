import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { UnreadableFileError } from '../../../lifecycle/datasets/errors.ts';
import type { RawRow } from '../../../lifecycle/datasets/raw-row.ts';
import { readRows } from '../../../lifecycle/datasets/read-rows.ts';

describe('CSV', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '€', '"', ',', ';', '\t', '|', '\n', '\r', ' ', '0') });
  // A row of one blank cell is a blank line.
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain(width => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 20 }));

  test('any cells are read back, whatever the delimiter, the line ends and the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 50 }),
        async (cells, delimiter, lineEnd, chunkBytes) => {
          const header = cells[0]!.map((_, index) => `column ${index}`);
          const text = [header, ...cells].map(row => row.map(quote).join(delimiter) + lineEnd).join('');
          const { rows } = await read('x.csv', chunks(Buffer.from(text), chunkBytes));
          expect(rows.map(({ record }) => Object.values(record!))).toEqual(cells);
          expect(rows.map(({ number }) => number)).toEqual(cells.map((_, index) => index + 1));
        },
      ),
    );
  });

  test('no text makes the reader lose its way: every line is a row, or the file is unreadable', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r') }), async text => {
        try {
          const { rows } = await read('x.csv', chunks(Buffer.from(`a,b\n${text}`), 7));
          expect(rows.every(({ record, problem }) => (record === null) !== (problem === null))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableFileError);
        }
      }),
    );
  });

  test('a line with another number of fields is a row that can’t be read, and the next one can', async () => {
    const { rows } = await read('x.csv', 'a;b\n1;2;3\n4;5\n6\n');
    expect(rows.map(({ number, record, problem }) => ({ number, record, problem }))).toEqual([
      { number: 1, record: null, problem: 'line has 3 fields, expected 2 as in the header' },
      { number: 2, record: { a: '4', b: '5' }, problem: null },
      { number: 3, record: null, problem: 'line has 1 fields, expected 2 as in the header' },
    ]);
    expect(rows[0]!.raw).toEqual(['1', '2', '3']);
  });

  test('a stray quote spoils its own line only', async () => {
    const { rows } = await read('x.csv', '"a";"b"\n"1";"x"y"\n"2";"z"\n');
    expect(rows[1]!.record).toEqual({ a: '2', b: 'z' });
  });

  test('a quote that is never closed makes the file unreadable', async () => {
    await expect(read('x.csv', 'a,b\n1,"2\n3,4\n')).rejects.toThrow(/is no CSV: Quote Not Closed/);
  });

  test('a byte order mark, blank lines and spaces around names are no content', async () => {
    const { rows, columns } = await read('x.csv', '\uFEFF a , b\n\n1,2\n\n');
    expect(columns).toEqual(['a', 'b']);
    expect(rows.map(({ record }) => record)).toEqual([{ a: '1', b: '2' }]);
  });

  test.each(['x.csv', 'x.ndjson'])('%s in another encoding than UTF-8 is unreadable', async name => {
    const latin = Buffer.from('{"a":"São Paulo"},\n1,2\n', 'latin1');
    await expect(read(name, chunks(latin, 7))).rejects.toThrow(/is no UTF-8: .*iconv/);
  });

  test('UTF-16 with its mark is read', async () => {
    const { rows } = await read('x.csv', chunks(Buffer.from('\uFEFFa,b\né,2\n', 'utf16le'), 64));
    expect(rows.map(({ record }) => record)).toEqual([{ a: 'é', b: '2' }]);
  });

  test('a column that is there twice makes the file unreadable', async () => {
    await expect(read('x.csv', 'a,b,a\n')).rejects.toThrow('column "a" is in the header twice');
  });

  test('an empty file has neither columns nor rows', async () => {
    expect(await read('x.csv', '')).toEqual({ columns: [], rows: [] });
  });
});

describe('NDJSON', () => {
  test('objects are rows, and their columns are the union', async () => {
    const { rows, columns } = await read('x.ndjson', '{"a":1}\n\n{"b":"é"}', 3);
    expect(columns).toEqual(['a', 'b']);
    expect(rows.map(({ number, record }) => [number, record])).toEqual([
      [1, { a: 1 }],
      [2, { b: 'é' }],
    ]);
  });

  test.each(['{"a":', '[1]', 'null', '7'])('the line %s is a row that can’t be read', async line => {
    const { rows } = await read('x.jsonl', `${line}\n{"a":1}\n`);
    expect(rows).toMatchObject([{ record: null, problem: 'line is no JSON object', raw: line }, { record: { a: 1 } }]);
  });
});

describe('Parquet', () => {
  const file = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'count', type: 'INT64', data: [1n, null, 3n] },
        { name: 'word', type: 'STRING', data: ['a', 'b', null] },
        { name: 'at', type: 'TIMESTAMP', data: [new Date(0), new Date(1), null] },
      ],
      rowGroupSize: 2,
    }),
  );

  test('rows of all row groups are read, NULLs too', async () => {
    const { rows, columns } = await read('x.parquet', chunks(file, 11));
    expect(columns).toEqual(['count', 'word', 'at']);
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(rows.map(({ record }) => record)).toEqual([
      { count: 1n, word: 'a', at: new Date(0) },
      { count: null, word: 'b', at: new Date(1) },
      { count: 3n, word: null, at: null },
    ]);
  });

  test.each([0, 10, 100])('%d bytes of a file make it unreadable', async bytes => {
    await expect(read('x.parquet', chunks(file.subarray(0, bytes), 11))).rejects.toThrow(/is no Parquet file/);
  });
});

test('the ending decides the format, in any case, and others have none', () => {
  expect(readRows('landing/a/X.CSV', chunks(Buffer.alloc(0), 1))).toBeDefined();
  expect(readRows('landing/a/x.csv.gz', chunks(Buffer.alloc(0), 1))).toBeUndefined();
  expect(readRows('landing/a/csv', chunks(Buffer.alloc(0), 1))).toBeUndefined();
});

async function read(name: string, content: string | AsyncIterable<Uint8Array>, chunkBytes = 1_000) {
  const source = readRows(name, typeof content === 'string' ? chunks(Buffer.from(content), chunkBytes) : content)!;
  const rows: RawRow[] = [];
  for await (const block of source.blocks) rows.push(...block);
  return { rows, columns: [...source.columns] };
}

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
