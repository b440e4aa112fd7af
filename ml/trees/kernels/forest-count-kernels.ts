import { locals } from '../../webassembly/code.ts';
import { count, i32, i64, increase, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { placeIn } from './forest-memory.ts';
import { words } from './memory-map.ts';

/** Rows up to which bins in use are noted while counting; beyond, all bins are looked at. */
const fewRows = 256;

/** Adds up a node's rows by one feature's bins. */
export function defineCountRows(module: ModuleBuilder): WasmFunction {
  const parameters = { region: 'i32', node: 'i32', feature: 'i32' } as const;
  return module.define('countRows', parameters, ({ region, node, feature }, variable) => {
    const [column, rows, last, counts, cells, cell, bin, word] = locals(variable, 'i32', 8);
    const addRow = [
      set(bin, i32.loadByte(i32.add(column, i32.load(rows)))),
      set(cell, i32.add(cells, i32.shl(bin, 3))),
      i64.store(cell, i64.add(i64.load(cell), i64.load(counts))),
      increase(rows, 4),
      increase(counts, 8),
    ];
    const touch = [
      set(word, i32.add(placeIn(region, words.touched), i32.shl(i32.shrUnsigned(bin, 6), 3))),
      i64.store(word, i64.or(i64.load(word), i64.shl(1, i64.extend(i32.and(bin, 63))))),
    ];
    return [
      set(column, i32.add(i32.load(words.columnBins), i32.mul(feature, i32.load(words.rowCount)))),
      set(cells, placeIn(region, words.cells)),
      set(rows, i32.add(placeIn(region, words.drawnRows), i32.shl(i32.load(node), 2))),
      set(last, i32.add(placeIn(region, words.drawnRows), i32.shl(i32.load(node, 4), 2))),
      set(counts, i32.add(placeIn(region, words.drawnCounts), i32.shl(i32.load(node), 3))),
      when(
        i32.greater(i32.sub(i32.load(node, 4), i32.load(node)), fewRows),
        [repeatWhile(i32.lessUnsigned(rows, last), addRow)],
        [repeatWhile(i32.lessUnsigned(rows, last), [...addRow, ...touch])],
      ),
    ];
  });
}

/** Moves the cells in use, but for that of missing values, side by side, and leaves 0 behind; gives how many they are. */
export function defineCondense(module: ModuleBuilder): WasmFunction {
  const parameters = { region: 'i32', node: 'i32', missingBin: 'i32' } as const;
  return module.compute('condense', parameters, ({ region, node, missingBin }, variable) => {
    const [bin, cell, bins, cells, first, word, end] = locals(variable, 'i32', 7);
    const bits = variable('i64');
    const move = [
      i32.store(bins, bin),
      i64.store(cells, i64.load(cell)),
      i64.store(cell, 0),
      increase(bins, 4),
      increase(cells, 8),
    ];
    return [
      set(first, placeIn(region, words.denseBins)),
      set(bins, first),
      set(cells, placeIn(region, words.denseCells)),
      when(
        i32.greater(i32.sub(i32.load(node, 4), i32.load(node)), fewRows),
        [
          set(cell, placeIn(region, words.cells)),
          count(bin, 0, missingBin, [when(i64.notEqual(i64.load(cell), 0), move), increase(cell, 8)]),
        ],
        [
          set(word, placeIn(region, words.touched)),
          set(end, i32.add(word, 32)),
          repeatWhile(i32.lessUnsigned(word, end), [
            set(bits, i64.load(word)),
            i64.store(word, 0),
            repeatWhile(i64.notEqual(bits, 0), [
              set(
                bin,
                i32.add(i32.shl(i32.sub(word, placeIn(region, words.touched)), 3), i32.wrap(i64.trailingZeros(bits))),
              ),
              set(bits, i64.and(bits, i64.sub(bits, 1))),
              when(i32.notEqual(bin, missingBin), [
                set(cell, i32.add(placeIn(region, words.cells), i32.shl(bin, 3))),
                ...move,
              ]),
            ]),
            increase(word, 8),
          ]),
        ],
      ),
      i32.shrUnsigned(i32.sub(bins, first), 2),
    ];
  });
}
