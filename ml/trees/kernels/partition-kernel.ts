import { call, count, i32, increase, repeatWhile, set } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { rangeBytes, splitBytes, words } from './memory-map.ts';

/**
 * `partition(group)`: parts the rows of every node that is split, those of one group, into its children's. Stable, and without a branch: each row is
 * written to both sides, and only one side moves on.
 *
 *     order    [ start …………………………… end )      aside    [ start ……… )
 *     after    [ … left … | … right … )               [ … right … )
 */
export function definePartition(module: ModuleBuilder, move: WasmFunction): WasmFunction {
  const partitionRange = definePartitionRange(module, move);
  return module.define('partition', { group: 'i32' }, ({ group }, variable) => {
    const [split, index, groups, ranges, side] = [
      variable('i32'),
      variable('i32'),
      variable('i32'),
      variable('i32'),
      variable('i32'),
    ];
    const [node, left, right, middle] = [variable('i32'), variable('i32'), variable('i32'), variable('i32')];
    const rangeOf = (offset: number) =>
      i32.add(ranges, i32.mul(i32.add(i32.mul(i32.load(split, offset), groups), group), rangeBytes));
    const partRange = (offset: number) => [
      i32.store(left, i32.load(node, offset), offset),
      i32.store(right, i32.load(node, offset + 4), offset + 4),
      set(middle, call(partitionRange, i32.load(node, offset), i32.load(node, offset + 4), i32.load(split, 12), side)),
      i32.store(left, middle, offset + 4),
      i32.store(right, middle, offset),
    ];
    return [
      set(groups, i32.load(words.groups)),
      set(ranges, i32.load(words.ranges)),
      set(split, i32.load(words.splits)),
      set(side, i32.load(words.sides)),
      count(index, 0, i32.load(words.splitCount), [
        set(node, rangeOf(0)),
        set(left, rangeOf(4)),
        set(right, rangeOf(8)),
        ...partRange(0),
        ...partRange(8),
        increase(split, splitBytes),
        increase(side, 256),
      ]),
    ];
  });
}

/** Parts `order` from `start` to `end`; gives where the right side begins. */
function definePartitionRange(module: ModuleBuilder, move: WasmFunction): WasmFunction {
  const parameters = { start: 'i32', end: 'i32', column: 'i32', side: 'i32' } as const;
  return module.compute('partitionRange', parameters, ({ start, end, column, side }, variable) => {
    const [read, last, left, right, row, step, first] = [
      variable('i32'),
      variable('i32'),
      variable('i32'),
      variable('i32'),
      variable('i32'),
      variable('i32'),
      variable('i32'),
    ];
    return [
      set(read, i32.add(i32.load(words.order), i32.shl(start, 2))),
      set(last, i32.add(i32.load(words.order), i32.shl(end, 2))),
      set(left, read),
      set(first, i32.add(i32.load(words.aside), i32.shl(start, 2))),
      set(right, first),
      repeatWhile(i32.lessUnsigned(read, last), [
        set(row, i32.load(read)),
        set(step, i32.loadByte(i32.add(side, i32.loadByte(i32.add(column, row))))),
        i32.store(left, row),
        i32.store(right, row),
        increase(left, step),
        increase(right, i32.sub(4, step)),
        increase(read, 4),
      ]),
      call(move, left, first, i32.sub(right, first)),
      i32.shrUnsigned(i32.sub(left, i32.load(words.order)), 2),
    ];
  });
}
