import { exportToSageMaker } from '../../../lifecycle/monitoring/export-sagemaker.ts';
import { buildReferenceProfile } from '../../../ml/drift/reference-profile.ts';

const profile = buildReferenceProfile({
  columns: [
    { kind: 'number', name: 'age', values: Float32Array.of(20, 30, Number.NaN, 50) },
    { kind: 'category', name: 'plan', levels: ['basic', 'pro'], codes: Int32Array.of(0, 1, 1, -1) },
  ],
  rows: Int32Array.of(0, 1, 2, 3),
  scores: Float64Array.of(0.1, 0.2, 0.3, 0.4),
  labels: Uint8Array.of(0, 0, 1, 1),
});
const check = { rows: 100, effect: 0.4, floor: 0.1, effects: null, pValue: 1e-4, level: 1e-3, power: 0.9 };
const checks = [
  { ...check, subject: 'age', kind: 'distribution', verdict: 'drift' },
  { ...check, subject: 'plan', kind: 'unseen', verdict: 'drift' },
  { ...check, subject: 'the scores', kind: 'distribution', verdict: 'no drift' },
] as const;

test('a report has the shape of SageMaker Model Monitor’s files', () => {
  const files = exportToSageMaker(profile, { drift: { verdict: 'drift', checks, notCompared: [] } });
  expect(files['statistics.json']).toMatchObject({
    dataset: { item_count: 4 },
    features: [
      {
        ...{ name: 'age', inferred_type: 'Fractional' },
        numerical_statistics: { common: { num_present: 3, num_missing: 1 }, min: 20, max: 50 },
      },
      { name: 'plan', string_statistics: { common: { num_present: 3, num_missing: 1 }, distinct_count: 2 } },
    ],
  });
  expect(files['constraints.json']).toMatchObject({
    features: [
      { name: 'age', completeness: 0.75, num_constraints: { is_non_negative: true } },
      { name: 'plan', completeness: 0.75, string_constraints: { domains: ['basic', 'pro'] } },
    ],
  });
  expect(files['constraint_violations.json']).toMatchObject({
    violations: [
      { feature_name: 'age', constraint_check_type: 'baseline_drift_check' },
      { feature_name: 'plan', constraint_check_type: 'categorical_values_check' },
    ],
  });
});
