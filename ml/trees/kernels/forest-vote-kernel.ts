import { locals } from '../../webassembly/code.ts';
import { count, f64, i32, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { goesLeft, placeIn } from './forest-memory.ts';
import { nodeBytes, words } from './memory-map.ts';

/** `vote(chunk)`: has the trees that have just grown predict the rows of a chunk that they were not grown from. */
export function defineVote(module: ModuleBuilder): WasmFunction {
  return module.define('vote', { chunk: 'i32' }, ({ chunk }, variable) => {
    const [tree, region, row, end, node, bin, isMissing, isLeft, place] = locals(variable, 'i32', 9);
    const binOfRow = i32.loadByte(
      i32.add(i32.add(i32.load(words.columnBins), row), i32.mul(i32.load(node, 16), i32.load(words.rowCount))),
    );
    const childOf = i32.sub(i32.add(i32.load(node, 28), 1), isLeft);
    return [
      count(tree, 0, i32.load(words.treesAtOnce), [
        set(region, i32.add(i32.load(words.regions), i32.mul(tree, i32.load(words.regionBytes)))),
        set(row, i32.mul(chunk, i32.load(words.chunkRows))),
        set(end, i32.add(row, i32.load(words.chunkRows))),
        when(i32.greater(end, i32.load(words.rowCount)), [set(end, i32.load(words.rowCount))]),
        count(row, row, end, [
          when(i32.equal(i32.loadByte(i32.add(placeIn(region, words.bag), row)), 0), [
            set(node, placeIn(region, words.nodes)),
            repeatWhile(i32.atLeast(i32.load(node, 16), 0), [
              set(bin, binOfRow),
              set(
                isMissing,
                i32.equal(bin, i32.load(i32.add(i32.load(words.missingBins), i32.shl(i32.load(node, 16), 2)))),
              ),
              set(isLeft, goesLeft(node, bin, isMissing)),
              set(node, i32.add(placeIn(region, words.nodes), i32.mul(childOf, nodeBytes))),
            ]),
            set(place, i32.add(i32.load(words.votes), i32.shl(row, 3))),
            f64.store(place, f64.add(f64.load(place), f64.load(node, 56))),
            set(place, i32.add(i32.load(words.voters), i32.shl(row, 2))),
            i32.store(place, i32.add(i32.load(place), 1)),
          ]),
        ]),
      ]),
    ];
  });
}
