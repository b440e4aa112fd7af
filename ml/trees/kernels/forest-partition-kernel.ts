import { locals, type Operand } from '../../webassembly/code.ts';
import { call, count, i32, i64, increase, set } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { goesLeft, placeIn } from './forest-memory.ts';
import { words } from './memory-map.ts';

/** Parts a node's rows, each side in its order; gives where the right side begins. */
export function definePart(module: ModuleBuilder, move: WasmFunction): WasmFunction {
  return module.compute('part', { region: 'i32', node: 'i32' }, ({ region, node }, variable) => {
    const [column, missingBin, read, row, bin, isMissing, isLeft, left, right] = locals(variable, 'i32', 9);
    const counted = variable('i64');
    const rowAt = (word: number, index: Operand) => i32.add(placeIn(region, word), i32.shl(index, 2));
    const countAt = (word: number, index: Operand) => i32.add(placeIn(region, word), i32.shl(index, 3));
    const feature = i32.load(node, 16);
    return [
      set(column, i32.add(i32.load(words.columnBins), i32.mul(feature, i32.load(words.rowCount)))),
      set(missingBin, i32.load(i32.add(i32.load(words.missingBins), i32.shl(feature, 2)))),
      set(left, i32.load(node)),
      count(read, i32.load(node), i32.load(node, 4), [
        set(row, i32.load(rowAt(words.drawnRows, read))),
        set(counted, i64.load(countAt(words.drawnCounts, read))),
        set(bin, i32.loadByte(i32.add(column, row))),
        set(isMissing, i32.equal(bin, missingBin)),
        set(isLeft, goesLeft(node, bin, isMissing)),
        i32.store(rowAt(words.drawnRows, left), row),
        i64.store(countAt(words.drawnCounts, left), counted),
        i32.store(rowAt(words.asideRows, right), row),
        i64.store(countAt(words.asideCounts, right), counted),
        increase(left, isLeft),
        increase(right, i32.sub(1, isLeft)),
      ]),
      call(move, rowAt(words.drawnRows, left), placeIn(region, words.asideRows), i32.shl(right, 2)),
      call(move, countAt(words.drawnCounts, left), placeIn(region, words.asideCounts), i32.shl(right, 3)),
      i32.add(left, 0),
    ];
  });
}
