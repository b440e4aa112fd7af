import { count, f32, i32, increase, set, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { words } from './memory-map.ts';

/**
 * `assign(chunk)`: bins of one feature for a chunk of rows: the number of cuts below a value, by halving without a branch.
 *
 * @param rowBytes of a row of bins; 0 where there are only columns
 */
export function defineAssign(module: ModuleBuilder, rowBytes: number): WasmFunction {
  return module.define('assign', { chunk: 'i32' }, ({ chunk }, variable) => {
    const [row, end, bin, cuts] = [variable('i32'), variable('i32'), variable('i32'), variable('i32')];
    const [values, column, place] = [variable('i32'), variable('i32'), variable('i32')];
    const value = variable('f32');
    const halve = (step: number) =>
      increase(bin, i32.mul(f32.less(f32.load(i32.add(cuts, i32.shl(bin, 2)), 4 * (step - 1)), value), step));
    return [
      set(row, i32.mul(chunk, i32.load(words.chunkRows))),
      set(end, i32.add(row, i32.load(words.chunkRows))),
      when(i32.greater(end, i32.load(words.rowCount)), [set(end, i32.load(words.rowCount))]),
      set(cuts, i32.load(words.cuts)),
      set(values, i32.load(words.values)),
      set(column, i32.add(i32.load(words.columnBins), i32.mul(i32.load(words.binned), i32.load(words.rowCount)))),
      set(place, i32.add(i32.load(words.rowBins), i32.add(i32.load(words.binned), i32.mul(row, rowBytes)))),
      count(row, row, end, [
        set(value, f32.load(i32.add(values, i32.shl(row, 2)))),
        set(bin, 0),
        ...[128, 64, 32, 16, 8, 4, 2, 1].map(halve),
        when(f32.notEqual(value, value), [set(bin, i32.load(words.missing))]),
        i32.storeByte(i32.add(column, row), bin),
        ...(rowBytes > 0 ? [i32.storeByte(place, bin)] : []),
        increase(place, rowBytes),
      ]),
    ];
  });
}
