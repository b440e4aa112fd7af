import { describeSignature } from '../../../lifecycle/training/describe-signature.ts';
import { missingCode, unseenCode } from '../../../ml/columns.ts';
import { loans } from '../inference/loans.ts';

test('a signature names the levels and the range that the rows have, not those they could have', () => {
  const { features } = describeSignature(loans, [
    { kind: 'number', name: 'age', values: Float32Array.of(30, Number.NaN, 20) },
    {
      kind: 'category',
      name: 'job',
      levels: ['clerk', 'farmer', 'nurse'],
      codes: Int32Array.of(2, missingCode, unseenCode),
    },
  ]);
  expect(features).toEqual([
    { name: 'age', kind: 'number', type: 'integer', meaning: 'Age in years', range: [20, 30] },
    { name: 'job', kind: 'category', type: 'category', meaning: 'Kind of job', levels: ['nurse'] },
  ]);
});

test('a number that every row lacks has no range', () => {
  const { features } = describeSignature(loans, [{ kind: 'number', name: 'age', values: Float32Array.of(Number.NaN) }]);
  expect(features[0]).not.toHaveProperty('range');
});
