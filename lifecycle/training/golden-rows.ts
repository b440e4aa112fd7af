import type { FeatureValue, Instance } from '../../contracts/http.ts';
import { type FeatureColumn, missingCode, unseenCode } from '../../ml/columns.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { takeRows } from './take-rows.ts';

/** What is done to a real row before it becomes a golden one. */
type Alteration = 'none' | 'numbers missing' | 'categories missing' | 'categories unseen' | 'all missing';

const alterations: readonly Alteration[] = [
  'none',
  'none',
  'none',
  'none',
  'numbers missing',
  'categories missing',
  'categories unseen',
  'all missing',
];

/**
 * Picks rows, evenly spread, that a deployed model is tried with: some as they are, others with missing and unseen values.
 *
 * @param rows to pick from; at least one
 */
export function pickGoldenColumns(columns: readonly FeatureColumn[], rows: Int32Array): FeatureColumn[] {
  const picked = Int32Array.from(
    alterations,
    (_, index) => rows[Math.floor((index * rows.length) / alterations.length)]!,
  );
  return takeRows(columns, picked).map(column =>
    column.kind === 'number'
      ? { ...column, values: column.values.map((value, index) => alterNumber(value, alterations[index]!)) }
      : { ...column, codes: column.codes.map((code, index) => alterCode(code, alterations[index]!)) },
  );
}

/** Writes columns as instances of a request. */
export function writeInstances({ features }: UseCase, columns: readonly FeatureColumn[]): Instance[] {
  const names = columns.map(({ name }) => name);
  const values = columns.map(column => writeValues(column, features[column.name]?.type === 'boolean'));
  return values[0]!.map((_, row) => Object.fromEntries(names.map((name, index) => [name, values[index]![row]!])));
}

function alterNumber(value: number, alteration: Alteration): number {
  return alteration === 'numbers missing' || alteration === 'all missing' ? Number.NaN : value;
}

function alterCode(code: number, alteration: Alteration): number {
  if (alteration === 'categories unseen') return unseenCode;
  return alteration === 'categories missing' || alteration === 'all missing' ? missingCode : code;
}

function writeValues(column: FeatureColumn, isBoolean: boolean): FeatureValue[] {
  if (column.kind === 'number') {
    return Array.from(column.values, value => (Number.isNaN(value) ? null : isBoolean ? value === 1 : value));
  }
  // No level is all levels.
  const unseen = `none of ${column.levels.join(', ')}`;
  return Array.from(column.codes, code => (code === missingCode ? null : (column.levels[code] ?? unseen)));
}
