import { pickGoldenColumns, writeInstances } from '../../../lifecycle/training/golden-rows.ts';
import type { FeatureColumn } from '../../../ml/columns.ts';
import { loans } from '../inference/loans.ts';

const rows = 100;
const columns: readonly FeatureColumn[] = [
  { kind: 'number', name: 'age', values: Float32Array.from({ length: rows }, (_, row) => row) },
  { kind: 'category', name: 'job', levels: ['clerk', 'farmer', 'nurse'], codes: new Int32Array(rows).fill(1) },
  { kind: 'number', name: 'owner', values: new Float32Array(rows).fill(1) },
];

test('golden rows are spread evenly over the rows to pick from', () => {
  const [age] = pickGoldenColumns(
    columns,
    Int32Array.from({ length: 80 }, (_, row) => row + 20),
  );
  expect(age).toMatchObject({ values: Float32Array.of(20, 30, 40, 50, Number.NaN, 70, 80, Number.NaN) });
});

test('one row to pick from is enough', () => {
  const instances = writeInstances(loans, pickGoldenColumns(columns, Int32Array.of(7)));
  expect(instances).toHaveLength(8);
  expect(instances[0]).toEqual({ age: 7, job: 'farmer', owner: true });
});

test('missing values are written as null, and an unseen level as one that no level is', () => {
  const instances = writeInstances(loans, pickGoldenColumns(columns, Int32Array.of(7)));
  expect(instances[4]).toEqual({ age: null, job: 'farmer', owner: null });
  expect(instances[5]).toEqual({ age: 7, job: null, owner: true });
  expect(instances[6]).toEqual({ age: 7, job: 'none of clerk, farmer, nurse', owner: true });
  expect(instances[7]).toEqual({ age: null, job: null, owner: null });
});

test('picking changes nothing in the rows', () => {
  pickGoldenColumns(columns, Int32Array.of(7));
  expect(columns[0]).toMatchObject({ values: Float32Array.from({ length: rows }, (_, row) => row) });
});
