import type { Code, Local } from '../../webassembly/code.ts';
import { i32 } from '../../webassembly/instructions.ts';

/** Address of a part of a region. */
export function placeIn(region: Local, word: number): Code {
  return i32.add(region, i32.load(word));
}

/** Whether a row goes left at a node, by its bin and whether that is the missing values'. */
export function goesLeft(node: Local, bin: Local, isMissing: Local): Code {
  return i32.or(
    i32.and(isMissing, i32.load(node, 24)),
    i32.greater(i32.less(i32.sub(bin, 1), i32.load(node, 20)), isMissing),
  );
}
