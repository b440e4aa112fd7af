import { type Random, shuffle } from '../random.ts';
import type { Classes } from './classes.ts';

/** The rows of the rarer class and so many of the commoner as the ratio asks for: these first, each in its given order. */
export function undersample({ minority, majority }: Classes, ratio: number, random: Random): Int32Array {
  const kept = Math.min(majority.length, Math.floor(minority.length / ratio + 0.5));
  return join(drawWithout(majority, kept, random), minority);
}

/** All rows, then rows of the rarer class drawn with replacement until there are as many as the ratio asks for. */
export function oversample(
  rows: Int32Array,
  { minority, majority }: Classes,
  ratio: number,
  random: Random,
): Int32Array {
  const missing = Math.max(0, Math.floor(majority.length * ratio + 0.5) - minority.length);
  return join(
    rows,
    new Int32Array(missing).map(() => minority[random.integer(minority.length)]!),
  );
}

/** So many of the rows, none twice, in their given order. */
export function drawWithout(rows: Int32Array, count: number, random: Random): Int32Array {
  const positions = shuffle(Int32Array.from(rows.keys()), random).subarray(0, count).sort();
  return positions.map(position => rows[position]!);
}

/** Rows after rows. */
export function join(first: Int32Array, second: Int32Array): Int32Array {
  const joined = new Int32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
