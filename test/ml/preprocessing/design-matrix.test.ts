import { type FeatureColumn, missingCode, unseenCode } from '../../../ml/columns.ts';
import { encodeRows } from '../../../ml/preprocessing/design-matrix.ts';
import { fitPreprocessing } from '../../../ml/preprocessing/fit-preprocessing.ts';
import { range } from '../made-up-rows.ts';

const columns: FeatureColumn[] = [
  {
    kind: 'category',
    name: 'job',
    levels: ['clerk', 'farmer', 'nurse'],
    codes: Int32Array.of(2, 0, 2, missingCode, 1),
  },
  { kind: 'number', name: 'age', values: Float32Array.of(10, 30, Number.NaN, 20, 1000) },
  { kind: 'category', name: 'month', levels: ['may'], codes: Int32Array.of(0, missingCode, unseenCode, 0, 0) },
];
const fitted = fitPreprocessing(columns, range(0, 4));

test('fitPreprocessing() looks at the given rows alone', () => {
  expect(fitted.features).toEqual([
    { kind: 'category', name: 'job', levels: ['clerk', 'nurse'], imputed: 1 },
    { kind: 'number', name: 'age', imputed: 20, offset: 20, scale: Math.fround(1 / Math.sqrt(50)) },
    { kind: 'category', name: 'month', levels: ['may'], imputed: 0 },
  ]);
});

test('fitPreprocessing() refuses a number that float32 cannot hold', () => {
  const infinite: FeatureColumn = { kind: 'number', name: 'age', values: Float32Array.of(1, Number.POSITIVE_INFINITY) };
  expect(() => fitPreprocessing([infinite], range(0, 2))).toThrow('Cannot standardize "age": it has infinite values');
});

test('encodeRows() keeps the index of the one column that is 1, and none for a level that was not fitted', () => {
  const matrix = encodeRows(fitted, columns, range(0, 5));
  expect(matrix).toMatchObject({ rowCount: 5, numberCount: 1, categoryCount: 2, columnCount: 4 });
  const none = 4;
  // Columns: age, clerk, nurse, may.
  expect([...matrix.indices]).toEqual([2, 3, 1, 3, 2, none, 2, 3, none, 3]);
  const scale = Math.fround(1 / Math.sqrt(50));
  const expected = [-10, 10, 0, 0, 980].map(value => Math.fround(value * scale));
  expect([...matrix.numbers]).toEqual(expected);
});

test('encodeRows() finds columns by name and levels by their text', () => {
  const other: FeatureColumn[] = [
    { kind: 'category', name: 'month', levels: ['june', 'may'], codes: Int32Array.of(1, 0) },
    { kind: 'number', name: 'age', values: Float32Array.of(20, 20) },
    { kind: 'number', name: 'ignored', values: Float32Array.of(0, 0) },
    { kind: 'category', name: 'job', levels: ['', 'nurse', 'clerk'], codes: Int32Array.of(2, 0) },
  ];
  // An empty text counts as missing, so the most frequent job stands for it.
  expect([...encodeRows(fitted, other, range(0, 2)).indices]).toEqual([1, 3, 2, 4]);
});

test('encodeRows() takes rows in the order given, repeated ones too', () => {
  const matrix = encodeRows(fitted, columns, Int32Array.of(1, 0, 1));
  expect([...matrix.indices]).toEqual([1, 3, 2, 3, 1, 3]);
});

test('encodeRows() refuses a column that is missing or of the other kind', () => {
  expect(() => encodeRows(fitted, columns.slice(1), range(0, 1))).toThrow('Cannot encode "job": got no column');
  const wrong: FeatureColumn = { kind: 'number', name: 'job', values: Float32Array.of(1) };
  expect(() => encodeRows(fitted, [wrong, ...columns.slice(1)], range(0, 1))).toThrow(
    'Cannot encode "job": got a number column, expected a category column',
  );
});
