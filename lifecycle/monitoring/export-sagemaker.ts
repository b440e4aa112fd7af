import type { DriftCheck } from '../../ml/drift/check-drift.ts';
import { scoresSubject } from '../../ml/drift/plan-checks.ts';
import type { CategoryProfile, NumberProfile, ReferenceProfile } from '../../ml/drift/reference-profile.ts';
import type { RecentReport } from './report.ts';

/** A report in the files of SageMaker Model Monitor, by their names. */
export interface SageMakerFiles {
  readonly 'statistics.json': object;
  readonly 'constraints.json': object;
  readonly 'constraint_violations.json': object;
}

/**
 * Words a variant's part of a report as SageMaker Model Monitor does: the statistics and constraints of the reference, and what violates them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-statistics.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-constraints.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-violations.html
 */
export function exportToSageMaker(profile: ReferenceProfile, { drift }: Pick<RecentReport, 'drift'>): SageMakerFiles {
  return {
    'statistics.json': {
      version: 0,
      dataset: { item_count: profile.rows },
      features: profile.features.map(feature => describeStatistics(feature, profile.rows)),
    },
    'constraints.json': {
      version: 0,
      features: profile.features.map(feature => describeConstraints(feature, profile.rows)),
      monitoring_config: {
        evaluate_constraints: 'Enabled',
        emit_metrics: 'Enabled',
        datatype_check_threshold: 1,
        domain_content_threshold: 1,
        distribution_constraints: {
          perform_comparison: 'Enabled',
          comparison_threshold: drift.checks.find(({ kind }) => kind === 'distribution')?.floor ?? 0,
          comparison_method: 'Robust',
        },
      },
    },
    'constraint_violations.json': {
      version: 0,
      violations: drift.checks.filter(({ verdict }) => verdict === 'drift').map(describeViolation),
    },
  };
}

function describeStatistics(feature: NumberProfile | CategoryProfile, rows: number): object {
  const common = { num_present: rows - feature.missing, num_missing: feature.missing };
  if (feature.kind === 'category') {
    const buckets = feature.levels.map((value, level) => ({ value, count: feature.counts[level]! }));
    return {
      name: feature.name,
      inferred_type: 'String',
      string_statistics: { common, distinct_count: feature.levels.length, distribution: { categorical: { buckets } } },
    };
  }
  const { counts, means, deviation, range, edges } = feature;
  const present = counts.reduce((sum, count) => sum + count, 0);
  const sum = means.reduce((total, mean, bin) => total + mean * counts[bin]!, 0);
  const bounds = range ? [range[0], ...edges, range[1]] : [];
  const buckets = counts.map((count, bin) => ({ lower_bound: bounds[bin], upper_bound: bounds[bin + 1], count }));
  return {
    name: feature.name,
    inferred_type: 'Fractional',
    numerical_statistics: {
      common,
      ...{ mean: present > 0 ? sum / present : 0, sum, std_dev: deviation, min: range?.[0], max: range?.[1] },
      distribution: { kll: { buckets: range ? buckets : [] } },
    },
  };
}

function describeConstraints(feature: NumberProfile | CategoryProfile, rows: number): object {
  const completeness = rows === 0 ? 0 : (rows - feature.missing) / rows;
  return feature.kind === 'category'
    ? { name: feature.name, inferred_type: 'String', completeness, string_constraints: { domains: feature.levels } }
    : {
        ...{ name: feature.name, inferred_type: 'Fractional', completeness },
        num_constraints: { is_non_negative: (feature.range?.[0] ?? 0) >= 0 },
      };
}

const checkTypes = {
  distribution: 'baseline_drift_check',
  missing: 'completeness_check',
  unseen: 'categorical_values_check',
  'out of range': 'baseline_drift_check',
} as const;

function describeViolation({ subject, kind, effect, floor, pValue, level }: DriftCheck): object {
  const figures = `effect ${shorten(effect)} (floor ${floor}), p-value ${shorten(pValue)} (significant up to ${shorten(level)})`;
  return {
    feature_name: subject === scoresSubject ? 'score' : subject,
    constraint_check_type: checkTypes[kind],
    description: `${kind} differs from the reference: ${figures}`,
  };
}

function shorten(value: number): number {
  return Number(value.toPrecision(3));
}
