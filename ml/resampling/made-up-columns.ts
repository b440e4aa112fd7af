import type { FeatureColumn } from '../columns.ts';

/** Where made-up rows come from; an entry for each. */
export interface Origins {
  /** The row that a made-up one starts from. */
  readonly bases: Int32Array;
  /** The neighbour that it lies towards. */
  readonly towards: Int32Array;
  /** Share of the way, in [0, 1). */
  readonly shares: Float64Array;
  /** All neighbours of its base, the nearest first. */
  readonly neighbours: readonly Int32Array[];
}

/**
 * A column of the kept rows and the made-up ones after them.
 *
 * @param numeric whether values between two rows mean something; else made-up rows take what most neighbours have
 * @param rows the given rows, which decide whether numbers stay whole
 */
export function extendColumn(
  column: FeatureColumn,
  numeric: boolean,
  rows: Int32Array,
  kept: Int32Array,
  origins: Origins,
): FeatureColumn {
  if (column.kind === 'category') {
    const codes = new Int32Array(kept.length + origins.bases.length);
    codes.set(kept.map(row => column.codes[row]!));
    codes.set(commonest(column.codes, origins), kept.length);
    return { ...column, codes };
  }
  const values = new Float32Array(kept.length + origins.bases.length);
  values.set(Float32Array.from(kept, row => column.values[row]!));
  values.set(numeric ? between(column.values, rows, origins) : commonest(column.values, origins), kept.length);
  return { ...column, values };
}

function between(values: Float32Array, rows: Int32Array, { bases, towards, shares }: Origins): Float64Array {
  const whole = rows.every(row => Number.isNaN(values[row]!) || Number.isInteger(values[row]!));
  return shares.map((share, i) => {
    const base = values[bases[i]!]!;
    const toward = values[towards[i]!]!;
    if (Number.isNaN(base) || Number.isNaN(toward)) return base;
    const value = base + share * (toward - base);
    return whole ? Math.floor(value + 0.5) : value;
  });
}

/** What most neighbours have; of equally common values that of the nearest. */
function commonest(values: Float32Array | Int32Array, { neighbours }: Origins): Float64Array {
  return Float64Array.from(neighbours, ofOne => {
    let best = Number.NaN;
    let most = 0;
    for (const candidate of ofOne) {
      const value = values[candidate]!;
      // Object.is: a missing number equals another.
      const count = ofOne.reduce((sum, other) => sum + (Object.is(values[other], value) ? 1 : 0), 0);
      if (count > most) {
        most = count;
        best = value;
      }
    }
    return best;
  });
}
