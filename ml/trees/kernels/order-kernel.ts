import { locals } from '../../webassembly/code.ts';
import { count, i32, increase, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { blockRows, rangeBytes, words } from './memory-map.ts';

/** `order(group)`: puts all rows of a group, whose root range is set, into the order. */
export function defineOrder(module: ModuleBuilder): WasmFunction {
  return module.define('order', { group: 'i32' }, ({ group }, variable) => {
    const [place, block, row, end, rowCount] = locals(variable, 'i32', 5);
    const rangeStart = i32.load(i32.add(i32.load(words.ranges), i32.mul(group, rangeBytes)));
    return [
      set(rowCount!, i32.load(words.rowCount)),
      set(place!, i32.add(i32.load(words.order), i32.shl(rangeStart, 2))),
      set(block!, i32.mul(group, blockRows)),
      repeatWhile(i32.less(block!, rowCount!), [
        set(end!, i32.add(block!, blockRows)),
        when(i32.greater(end!, rowCount!), [set(end!, rowCount!)]),
        count(row!, block!, end!, [i32.store(place!, row!), increase(place!, 4)]),
        increase(block!, i32.mul(i32.load(words.groups), blockRows)),
      ]),
    ];
  });
}
