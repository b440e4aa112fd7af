import { type FeatureColumn, missingCode } from '../../ml/columns.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { isMissing, toNumber } from '../datasets/cell-values.ts';

/**
 * Turns the values of a use case's features into columns that a model scores. A category may have any level, as in a request.
 *
 * @param read the values of a feature, one a row; null = missing
 */
export function toFeatureColumns(useCase: UseCase, read: (name: string) => readonly unknown[]): FeatureColumn[] {
  return Object.entries(useCase.features).map(([name, feature]) => {
    const values = read(name);
    if (feature.type === 'category') return categoryColumn(name, values);
    return { kind: 'number', name, values: Float32Array.from(values, value => numberOf(feature, value)) };
  });
}

function categoryColumn(name: string, values: readonly unknown[]): FeatureColumn {
  const levels = new Map<string, number>();
  const codes = Int32Array.from(values, value => {
    if (isMissing(value)) return missingCode;
    const level = String(value).trim();
    const code = levels.get(level) ?? levels.size;
    levels.set(level, code);
    return code;
  });
  return { kind: 'category', name, levels: [...levels.keys()], codes };
}

/** NaN where it is missing. */
function numberOf(feature: Feature, value: unknown): number {
  if (isMissing(value)) return Number.NaN;
  return feature.type === 'boolean' ? Number(readBoolean(feature, value) ?? Number.NaN) : toNumber(value);
}

/** Whether a value that is there is none that a feature can have. */
export function isUnreadable(feature: Feature, value: unknown): boolean {
  if (isMissing(value) || feature.type === 'category') return false;
  if (feature.type === 'boolean') return readBoolean(feature, value) === undefined;
  // The model computes in float32.
  return !Number.isFinite(Math.fround(toNumber(value)));
}

function readBoolean(feature: Feature, value: unknown): boolean | undefined {
  const word = String(value).trim();
  const words = feature.type === 'boolean' ? feature.words : undefined;
  if (word === 'true' || word === words?.true) return true;
  return word === 'false' || word === words?.false ? false : undefined;
}
