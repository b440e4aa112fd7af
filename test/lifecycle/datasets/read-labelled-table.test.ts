import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type TableDemand, UnsuitableTableError } from '../../../lifecycle/datasets/check-table.ts';
import { readLabelledTable } from '../../../lifecycle/datasets/read-labelled-table.ts';
import { missingCode } from '../../../ml/columns.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-table-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const demand: TableDemand = { label: 'y', positive: 'yes', exclude: [], categorical: [], folds: 2 };

function read(text: string, changes: Partial<TableDemand> = {}, file: { name?: string; delimiter?: string } = {}) {
  const path = join(folder, file.name ?? 'rows.csv');
  writeFileSync(path, text);
  return readLabelledTable({ path, delimiter: file.delimiter }, { ...demand, ...changes });
}

async function problemsOf(text: string, changes: Partial<TableDemand> = {}): Promise<readonly string[]> {
  const error = await read(text, changes).then(
    () => undefined,
    error => error,
  );
  expect(error).toBeInstanceOf(UnsuitableTableError);
  return error.problems;
}

test('integers, numbers and categories are told apart; blanks are missing', async () => {
  const table = await read('a,b,c,y\n1,1.5,x,yes\n,-2e3,, no\n3,\t,z,yes\n-4,.5,x,no\n');

  expect(table.features.map(({ name, type, missing }) => [name, type, missing])).toEqual([
    ['a', 'integer', 1],
    ['b', 'number', 1],
    ['c', 'category', 1],
  ]);
  expect(table.columns).toEqual([
    { kind: 'number', name: 'a', values: Float32Array.of(1, Number.NaN, 3, -4) },
    { kind: 'number', name: 'b', values: Float32Array.of(1.5, -2000, Number.NaN, 0.5) },
    { kind: 'category', name: 'c', levels: ['x', 'z'], codes: Int32Array.of(0, missingCode, 1, 0) },
  ]);
  expect(table.labels).toEqual(Uint8Array.of(1, 0, 1, 0));
  expect(table).toMatchObject({ positive: 'yes', negative: 'no', unlabelled: 0, leftOut: [] });
});

test('columns of numbers that are names become categories, and excluded ones are not there', async () => {
  const table = await read('zip,a,b,y\n10,1,1,yes\n9,2,2,no\n10,1,3,yes\n9,2,4,no\n', {
    categorical: ['zip'],
    exclude: ['b'],
  });

  // In the order of text, whichever row came first.
  expect(table.columns[0]).toMatchObject({ levels: ['10', '9'], codes: Int32Array.of(0, 1, 0, 1) });
  expect(table.columns.map(({ name }) => name)).toEqual(['zip', 'a']);
});

test('the column that names whom a row is about does not train', async () => {
  const text = 'who,a,y\nx,1,yes\n,2,no\nx,3,yes\nz,4,\n,5,no\n';
  const table = await read(text, { entity: 'who' });

  expect(table.columns.map(({ name }) => name)).toEqual(['a']);
  // Who is not named is someone else in each row.
  expect(table.entityIds).toEqual(['x', 1, 'x', 3]);
  expect((await read(text, { exclude: ['who'] })).entityIds).toEqual(Int32Array.of(0, 1, 2, 3));
  expect(await problemsOf(text, { entity: 'whom' })).toEqual([expect.stringContaining('there is no column "whom"')]);
});

test('rows without a label are left out and counted', async () => {
  const table = await read('a,y\n1,yes\n7,\n2,no\n3,yes\n8, \n4,no\n');

  expect(table.columns).toEqual([{ kind: 'number', name: 'a', values: Float32Array.of(1, 2, 3, 4) }]);
  expect(table.unlabelled).toBe(2);
});

test('a text with a level per row is named and left out, and so is a column without a name', async () => {
  const rows = Array.from({ length: 20 }, (_, row) => `${row},name ${row},${row % 3},${row % 2 ? 'yes' : 'no'}`);
  const table = await read([',who,a,y', ...rows].join('\n'));

  expect(table.columns.map(({ name }) => name)).toEqual(['a']);
  expect(table.leftOut).toEqual([
    { name: '', reason: 'it has no name' },
    { name: 'who', reason: 'it is an identifier, with 20 levels in 20 rows' },
  ]);
});

test('a column that counts the rows is pointed out', async () => {
  const rows = Array.from(
    { length: 9 },
    (_, row) => `${row + 7},${row},${row === 8 ? 9 : row},${row % 2 ? 'yes' : 'no'}`,
  );
  const { features } = await read(['id,day,other,y', ...rows].join('\n'), { categorical: ['day'] });

  expect(features.map(({ name, remark }) => [name, remark])).toEqual([
    ['id', 'it counts the rows: leave it out by --exclude if that is all it does'],
    ['other', undefined],
  ]);
});

test('what keeps a column from being one of numbers is said', async () => {
  const price = (row: number) => (row % 10 === 0 ? String(row) : `1.${100 + row},5`);
  const rows = Array.from({ length: 30 }, (_, row) =>
    [row % 3 === 1 ? 'NA' : row % 5, `${row % 4},5`, price(row), row % 4 ? 'x' : row % 3, row % 2 ? 'yes' : 'no'].join(
      ';',
    ),
  );
  const { features, leftOut } = await read(['a;b;price;c;y', ...rows].join('\n'));

  expect(features.map(({ name, type, remark }) => [name, type, remark])).toEqual([
    ['a', 'category', 'most values are numbers, but "NA" is none'],
    ['b', 'category', '"0,5" has a comma: a number has a decimal point, and nothing between thousands'],
    ['c', 'category', undefined],
  ]);
  expect(leftOut).toEqual([
    { name: 'price', reason: expect.stringContaining('30 levels in 30 rows; "1.101,5" has a comma') },
  ]);
});

test('of a Parquet file, no number is a missing one and a time is a text that is the same everywhere', async () => {
  const path = join(folder, 'rows.parquet');
  const days = [1, 2, 1, 2, 1, 2].map(day => new Date(Date.UTC(2026, 0, day)));
  const columnData = [
    { name: 'a', type: 'DOUBLE' as const, data: [1, Number.NaN, 3, 4, 5, 6] },
    { name: 'day', type: 'TIMESTAMP' as const, data: days },
    { name: 'y', type: 'STRING' as const, data: ['yes', 'no', 'yes', 'no', 'yes', 'no'] },
  ];
  writeFileSync(path, new Uint8Array(parquetWriteBuffer({ columnData })));

  const { columns } = await readLabelledTable({ path }, demand);

  expect(columns).toMatchObject([
    { kind: 'number', values: Float32Array.of(1, Number.NaN, 3, 4, 5, 6) },
    { kind: 'category', levels: ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'] },
  ]);
});

test('files with another delimiter, quotes, carriage returns and a byte order mark are read', async () => {
  const text = '\ufeff"a|b"|c|y\r\n"1"|"x, ""y"""|yes\r\n2|z|no\r\n1|z|yes\r\n2|"x, ""y"""|no\r\n';
  const { columns } = await read(text, {}, { delimiter: '|', name: 'rows.txt' });

  expect(columns).toMatchObject([{ name: 'a|b' }, { name: 'c', levels: ['x, "y"', 'z'] }]);
});

test('NDJSON is read too; what a row leaves out is missing', async () => {
  const text = '{"a":1,"y":true}\n{"a":null,"c":"x","y":false}\n{"a":2,"c":"z","y":true}\n{"c":"x","y":false}\n';
  const table = await read(text, { positive: 'true' }, { name: 'rows.ndjson' });

  expect(table.columns).toEqual([
    { kind: 'number', name: 'a', values: Float32Array.of(1, Number.NaN, 2, Number.NaN) },
    { kind: 'category', name: 'c', levels: ['x', 'z'], codes: Int32Array.of(missingCode, 0, 1, 0) },
  ]);
});

test('all columns that cannot train are named together', async () => {
  const problems = await problemsOf('a,b,c,label,e,y\n1,,5,1,1e39,yes\n2,,5.0,2,1,no\n3,,5,3,2,yes\n4,,5,4,3,no\n', {
    exclude: ['f'],
    categorical: ['A'],
  });

  expect(problems).toEqual([
    expect.stringContaining('there is no column "f": the file has "a", "b", "c", "label", "e", "y"'),
    expect.stringMatching(/^there is no column "A".*did you mean "a"\?$/),
    'column "b" is blank in every row: leave it out by --exclude',
    'column "c" is constant, "5" in every row: leave it out by --exclude',
    'column "label" has the name of a model\'s output: rename it',
    'column "e" has a number in row 1 that no float32 can hold',
  ]);
});

test.each([
  ['has one value', 'a,y\n1,no\n2,no\n3,no\n', 'label "y" has one value, "no", in all rows, expected two'],
  ['has three values', 'a,y\n1,no\n2,yes\n3,perhaps\n', 'label "y" has more than two values: "no", "yes", "perhaps"'],
  [
    'has many values',
    'a,y\n1,1\n2,2\n3,3\n4,4\n5,5\n6,6\n',
    'label "y" has more than two values: "1", "2", "3", "4", "5", …',
  ],
  ['is blank', 'a,y\n1,\n2,\n', 'label "y" is blank in every row, expected two values'],
  ['is never the positive one', 'a,y\n1,No\n2,Yes\n', 'label "y" is never "yes", its values are "No", "Yes"'],
  [
    'has a rare value',
    'a,y\n1,no\n2,yes\n3,no\n',
    'label "y" has too few "yes": 1, expected 2 or more, one for each fold',
  ],
])('a label that %s is refused', async (_, text, problem) => {
  expect(await problemsOf(text)).toEqual([problem]);
});

test('fewer rows than folds are refused', async () => {
  expect(await problemsOf('a,y\n1,no\n2,yes\n3,no\n', { folds: 5 })).toEqual([
    'there are 3 rows with a label, fewer than the 5 folds',
  ]);
});

test('a file whose columns are all left out is refused', async () => {
  expect(await problemsOf('who,y\na,no\nb,yes\nc,no\nd,yes\n')).toEqual(['no column is left to learn from']);
});

test.each([
  ['is empty', '', 'Cannot train on ".*":\n- it is empty$'],
  ['has a header alone', 'a,y\n', 'it has no row below its header'],
  ['has a row of another length', 'a,y\n1,no\n2,yes,3\n', 'Cannot read ".*": in row 2 a line has 3 fields, expected 2'],
  ['has a column twice', 'a,a,y\n1,1,no\n', 'column "a" is in the header twice'],
])('a file that %s is refused', async (_, text, message) => {
  await expect(read(text)).rejects.toThrow(new RegExp(message));
});

test('what is no file is refused', async () => {
  await expect(readLabelledTable({ path: '/dev/null' }, demand)).rejects.toThrow('not a pipe or device');
  await expect(readLabelledTable({ path: join(folder, 'none.csv') }, demand)).rejects.toThrow('there is no such file');
  await expect(readLabelledTable({ path: folder }, demand)).rejects.toThrow('it is a folder');
});
