import { type CategoryColumn, type FeatureColumn, missingCode, type NumberColumn } from '../columns.ts';
import { withoutMissing } from '../preprocessing/imputation.ts';
import { acceptedRange, sumBins } from './histogram.ts';
import type { FeatureWindow, ProfileWindow } from './profile-window.ts';
import type { CategoryProfile, NumberProfile, ReferenceProfile } from './reference-profile.ts';

/** Counts rows that are at hand as they are compared with a reference profile. */
export function countWindow(
  profile: ReferenceProfile,
  columns: readonly FeatureColumn[],
  scores: Float64Array,
): ProfileWindow {
  return {
    rows: scores.length,
    features: profile.features.map(feature => {
      const column = columns.find(({ name, kind }) => name === feature.name && kind === feature.kind);
      if (!column) return null;
      return feature.kind === 'number'
        ? countNumbers(feature, column as NumberColumn)
        : countLevels(feature, column as CategoryColumn);
    }),
    scores: sumBins(Float32Array.from(scores), profile.scores),
  };
}

function countNumbers(profile: NumberProfile, { values }: NumberColumn): FeatureWindow {
  const present = withoutMissing(values);
  const [least, greatest] = acceptedRange(profile) ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const outOfRange = present.filter(value => value < least || value > greatest).length;
  return { ...sumBins(present, profile), missing: values.length - present.length, unseen: 0, outOfRange };
}

function countLevels({ levels }: CategoryProfile, column: CategoryColumn): FeatureWindow {
  const counts = levels.map(() => 0);
  let [missing, unseen] = [0, 0];
  for (const code of column.codes) {
    const level = code === missingCode ? -1 : levels.indexOf(column.levels[code] ?? '');
    if (code === missingCode) missing += 1;
    else if (level < 0) unseen += 1;
    else counts[level]! += 1;
  }
  return { counts, means: [], missing, unseen, outOfRange: 0 };
}
