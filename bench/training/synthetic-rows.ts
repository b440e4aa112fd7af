import { sigmoid } from '../../ml/arithmetic/sigmoid.ts';
import type { FeatureColumn, LabelledColumns } from '../../ml/columns.ts';
import { createRandom } from '../../ml/random.ts';

/** What the made-up columns have beside plain numbers. */
export type Kind = 'numbers' | 'missing' | 'categories';

/** Number of columns. */
export const columnCount = 28;
const categoryCount = 8;
const levelCount = 12;

/**
 * Rows of standard normal numbers, half of them positive: main effects of ten columns and interactions of four pairs decide the label with noise.
 *
 * `missing`: a tenth of every column is. `categories`: eight columns are levels, cut from the numbers and named out of order.
 */
export function makeUpRows(rows: number, kind: Kind = 'numbers', seed = 7): LabelledColumns {
  const random = createRandom(seed);
  const columns = Array.from({ length: columnCount }, () => Float32Array.from({ length: rows }, () => random.normal()));
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = (column: number) => columns[column]![row]!;
    let margin = 0;
    for (let column = 0; column < 10; column++) margin += (column % 2 === 0 ? 0.3 : -0.3) * at(column);
    for (let pair = 0; pair < 4; pair++) margin += 0.4 * at(3 * pair) * at(3 * pair + 1);
    labels[row] = random.uniform() < sigmoid(margin) ? 1 : 0;
  }
  return { columns: columns.map((values, i) => makeColumn(values, i, kind, random.uniform)), labels };
}

function makeColumn(values: Float32Array, position: number, kind: Kind, uniform: () => number): FeatureColumn {
  const name = `x${position}`;
  if (kind === 'missing') for (let row = 0; row < values.length; row++) if (uniform() < 0.1) values[row] = Number.NaN;
  if (kind !== 'categories' || position >= categoryCount) return { kind: 'number', name, values };
  return {
    kind: 'category',
    name,
    levels: Array.from({ length: levelCount }, (_, level) => `level ${level}`),
    codes: Int32Array.from(values, value => levelOf(value)),
  };
}

/** Steps of the number, in an order that says nothing. */
function levelOf(value: number): number {
  const step = Math.max(0, Math.min(levelCount - 1, Math.floor((value + 2.4) * 2.5)));
  return (5 * step) % levelCount;
}
