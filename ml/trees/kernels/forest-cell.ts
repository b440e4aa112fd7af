import type { Code, Local, Operand } from '../../webassembly/code.ts';
import { f64, i32, i64 } from '../../webassembly/instructions.ts';
import { cellBits, words } from './memory-map.ts';

const fieldMask = 2097151;

/** Rows that a cell counts, as an integer. */
export function rowsOf(cell: Local): Code {
  return i32.wrap(i64.and(cell, fieldMask));
}

/** Draws of them, as a double. */
function drawsOf(cell: Operand): Code {
  return f64.fromInt(i64.and(i64.shrUnsigned(cell, cellBits), fieldMask));
}

/** Draws of positives, as a double. */
function positivesOf(cell: Operand): Code {
  return f64.fromInt(i64.shrUnsigned(cell, 2 * cellBits));
}

/** Whether both classes are there. */
export function isMixed(cell: Local): Code {
  return i32.and(f64.greater(positivesOf(cell), 0), f64.less(positivesOf(cell), drawsOf(cell)));
}

function positiveWeightOf(cell: Operand): Code {
  return f64.mul(positivesOf(cell), f64.load(words.positiveWeight));
}

/** Draws, by the weight of their class. */
export function weightOf(cell: Operand): Code {
  const negatives = f64.sub(drawsOf(cell), positivesOf(cell));
  return f64.add(positiveWeightOf(cell), f64.mul(negatives, f64.load(words.negativeWeight)));
}

/** Share of positives, by weight. */
export function shareOf(cell: Operand): Code {
  return f64.div(positiveWeightOf(cell), weightOf(cell));
}

/** P² / W: twice what is lacking to P is W times the Gini impurity. */
export function purityOf(cell: Operand): Code {
  return f64.div(f64.mul(positiveWeightOf(cell), positiveWeightOf(cell)), weightOf(cell));
}
