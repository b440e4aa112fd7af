import { applyPlattScaling, fitPlattScaling, type PlattScaling } from '../calibration/platt-scaling.ts';
import type { FeatureColumn, LabelledColumns } from '../columns.ts';
import { type FitOptions, takeGroups } from '../fit-options.ts';
import { countFolds, splitInner } from '../selection/inner-folds.ts';
import { decide, fitMachine, type Machine } from './machine.ts';
import { type CompleteParameters, completeParameters, type SupportVectorParameters } from './parameters.ts';

/** A fitted support-vector classifier: everything that a prediction or an export needs. */
export interface SupportVector extends Machine {
  readonly algorithm: 'support-vector';
  /** From decision values to probabilities. */
  readonly scaling: PlattScaling;
}

/** Thrown when there are more rows than a support-vector machine can be fitted to in reasonable time. */
export class TooManyRowsError extends Error {
  override readonly name = 'TooManyRowsError';

  constructor(rows: number) {
    super(
      `Cannot fit a support-vector machine on ${rows} rows: its time grows with their square, expected ${maximumRows} at most; use gradient-boosting or logistic-regression instead`,
    );
  }
}

/** Rows that a support-vector machine is fitted on at most. */
export const maximumRows = 20_000;

/** @throws {TooManyRowsError} above 20,000 rows */
export function requireFewRows(rows: number): void {
  if (rows > maximumRows) throw new TooManyRowsError(rows);
}

/**
 * Fits C-SVC on all given rows, and Platt scaling to the decision values that machines fitted on four fifths of them give the other fifth.
 *
 * @param rows the only rows looked at
 * @param seed decides the inner folds
 * @throws {TooManyRowsError} above 20,000 rows
 * @throws {RangeError} when a class has fewer than two rows, or groups of them, or parameters are out of range (all of them named)
 */
export function fitSupportVector(
  parameters: SupportVectorParameters,
  { columns, labels }: LabelledColumns,
  rows: Int32Array,
  seed: number,
  { groups }: FitOptions = {},
): SupportVector {
  const complete = completeParameters(parameters);
  requireFewRows(rows.length);
  const picked = Uint8Array.from(rows, row => labels[row]!);
  const folds = splitInner(picked, takeGroups(rows, groups), seed);
  const scaling = fitPlattScaling(decideOutOfFold(complete, columns, rows, picked, folds), picked);
  return { algorithm: 'support-vector', ...fitMachine(complete, columns, rows, picked), scaling };
}

/** Probability of the positive class of each given row. */
export function predictSupportVector(
  fitted: SupportVector,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
): Float64Array {
  return applyPlattScaling(fitted.scaling, decide(fitted, columns, rows));
}

/** Decision value of each given row, by a machine that was not fitted on it. */
function decideOutOfFold(
  parameters: CompleteParameters,
  columns: readonly FeatureColumn[],
  rows: Int32Array,
  labels: Uint8Array,
  folds: Int32Array,
): Float64Array {
  const positions = Int32Array.from(rows.keys());
  const count = countFolds(folds);
  const rowAt = (position: number) => rows[position]!;
  const values = new Float64Array(rows.length);
  for (let fold = 0; fold < count; fold++) {
    const fitted = positions.filter(position => folds[position] !== fold);
    const held = positions.filter(position => folds[position] === fold);
    const machine = fitMachine(
      parameters,
      columns,
      fitted.map(rowAt),
      labels.filter((_, position) => folds[position] !== fold),
    );
    decide(machine, columns, held.map(rowAt)).forEach((value, i) => {
      values[held[i]!] = value;
    });
  }
  return values;
}
