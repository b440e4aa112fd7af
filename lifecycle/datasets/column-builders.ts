import { type FeatureColumn, missingCode } from '../../ml/columns.ts';
import { toNumber } from './cell-values.ts';
import type { InferredColumn } from './infer-columns.ts';

/** Takes the values of one column, row by row. */
export interface ColumnBuilder {
  readonly column: InferredColumn;
  /** @param text '' = missing */
  set(row: number, text: string): void;
  /** The column, or why it teaches nothing. */
  finish(): FeatureColumn | string;
}

/** Starts a column of so many rows. */
export function startColumn(column: InferredColumn, rows: number): ColumnBuilder {
  if (column.name === '') return { column, set: () => {}, finish: () => 'it has no name' };
  return column.type === 'category' ? startCategory(column, rows) : startNumbers(column, rows);
}

function startNumbers(column: InferredColumn, rows: number): ColumnBuilder {
  const values = new Float32Array(rows);
  return {
    column,
    set(row, text) {
      values[row] = toNumber(text);
    },
    finish: () => ({ kind: 'number', name: column.name, values }),
  };
}

/** Not more levels are remembered; no algorithm makes anything of them. */
const mostLevels = 65_536;
/** Of the rows that have a value, the share that have a level of their own in a column that names its rows. */
const identifierShare = 0.9;

function startCategory(column: InferredColumn, rows: number): ColumnBuilder {
  const codes = new Int32Array(rows);
  const known = new Map<string, number>();
  return {
    column,
    set(row, text) {
      if (text === '') codes[row] = missingCode;
      else codes[row] = codeOf(text, known);
    },
    finish() {
      const present = rows - column.missing;
      if (known.size > mostLevels || known.size >= present * identifierShare) {
        const levels = known.size > mostLevels ? `more than ${mostLevels}` : known.size;
        const remark = column.remark === undefined ? '' : `; ${column.remark}`;
        return `it is an identifier, with ${levels} levels in ${present} rows${remark}`;
      }
      return { kind: 'category', name: column.name, ...sortLevels(known, codes) };
    },
  };
}

function codeOf(level: string, known: Map<string, number>): number {
  const code = known.get(level) ?? known.size;
  if (code === known.size && code <= mostLevels) known.set(level, code);
  return code;
}

/** Puts the levels into an order that does not depend on the rows'. */
function sortLevels(known: ReadonlyMap<string, number>, codes: Int32Array): { levels: string[]; codes: Int32Array } {
  const levels = [...known.keys()].sort();
  const sorted = new Int32Array(levels.length);
  levels.forEach((level, code) => {
    sorted[known.get(level)!] = code;
  });
  return { levels, codes: codes.map(code => (code === missingCode ? missingCode : sorted[code]!)) };
}
