import { type Code, locals, type Operand } from '../../webassembly/code.ts';
import { call, f64, i32, i64, increase, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import { buildModule, type ModuleBuilder, type WasmFunction } from '../../webassembly/module.ts';
import { defineAssign } from './binning-kernel.ts';
import { isMixed, rowsOf, shareOf } from './forest-cell.ts';
import { placeIn } from './forest-memory.ts';
import { definePart } from './forest-partition-kernel.ts';
import { defineFindSplit } from './forest-split-kernel.ts';
import { defineVote } from './forest-vote-kernel.ts';
import { nodeBytes, words } from './memory-map.ts';
import { defineMove } from './move-kernels.ts';
import { defineTeam } from './team-kernel.ts';

/** Writes the module of a forest's commands: `assign(chunk)`, `grow(tree)` and `vote(chunk)`. It fits any data. */
export function buildForestKernels(): Uint8Array {
  const module = buildModule();
  const assign = defineAssign(module, 0);
  const grow = defineGrow(module);
  defineTeam(module, [assign, grow, defineVote(module)]);
  return module.write();
}

/** `grow(tree)`: splits one node after another in the order in which they are made. */
function defineGrow(module: ModuleBuilder): WasmFunction {
  const findSplit = defineFindSplit(module);
  const part = definePart(module, defineMove(module));
  return module.define('grow', { tree: 'i32' }, ({ tree }, variable) => {
    const [region, node, child, end, rows] = locals(variable, 'i32', 5);
    const total = variable('i64');
    const makeChild = (start: Operand, last: Operand, cell: Operand): Code[] => [
      i32.store(child, start),
      i32.store(child, last, 4),
      i64.store(child, cell, 8),
      i32.store(child, i32.add(i32.load(node, 48), 1), 48),
      increase(child, nodeBytes),
      set(end, child),
    ];
    return [
      set(region, i32.add(i32.load(words.regions), i32.mul(tree, i32.load(words.regionBytes)))),
      set(node, placeIn(region, words.nodes)),
      set(end, i32.add(node, nodeBytes)),
      repeatWhile(i32.lessUnsigned(node, end), [
        set(total, i64.load(node, 8)),
        set(rows, rowsOf(total)),
        i32.store(node, -1, 16),
        f64.store(node, shareOf(total), 56),
        when(i32.atLeast(rows, i32.load(words.minSamplesSplit)), [
          when(i32.less(i32.load(node, 48), i32.load(words.maxDepth)), [
            when(isMixed(total), [call(findSplit, region, node, total)]),
          ]),
        ]),
        when(i32.atLeast(i32.load(node, 16), 0), [
          set(child, end),
          i32.store(
            node,
            // In nodes, so that it is an index.
            i32.div(i32.sub(end, placeIn(region, words.nodes)), nodeBytes),
            28,
          ),
          set(rows, call(part, region, node)),
          ...makeChild(i32.load(node), rows, i64.load(node, 40)),
          ...makeChild(rows, i32.load(node, 4), i64.sub(total, i64.load(node, 40))),
        ]),
        increase(node, nodeBytes),
      ]),
      i32.store(region, i32.div(i32.sub(end, placeIn(region, words.nodes)), nodeBytes), 8),
    ];
  });
}
