import { locals } from '../../webassembly/code.ts';
import { call, count, f64, i32, i64, increase, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { purityOf, rowsOf, weightOf } from './forest-cell.ts';
import { defineCondense, defineCountRows } from './forest-count-kernels.ts';
import { placeIn } from './forest-memory.ts';
import { words } from './memory-map.ts';

/** Tries features drawn at random: as many as asked for, then more until one splits the node. The best stays in the node. */
export function defineFindSplit(module: ModuleBuilder): WasmFunction {
  const next = defineRandom(module);
  const tryFeature = defineTryFeature(module);
  const parameters = { region: 'i32', node: 'i32', total: 'i64' } as const;
  return module.define('findSplit', parameters, ({ region, node, total }, variable) => {
    const [tried, place, other, feature] = locals(variable, 'i32', 4);
    const decrease = variable('f64');
    const isFound = i32.atLeast(i32.load(node, 16), 0);
    return [
      f64.store(node, Number.NEGATIVE_INFINITY, 32),
      set(place, placeIn(region, words.permutation)),
      repeatWhile(
        i32.and(
          i32.less(tried, i32.load(words.featureCount)),
          i32.or(i32.less(tried, i32.load(words.featuresTried)), i32.equal(isFound, 0)),
        ),
        [
          set(other, call(next, region, i32.sub(i32.load(words.featureCount), tried))),
          set(other, i32.add(place, i32.shl(other, 2))),
          set(feature, i32.load(other)),
          i32.store(other, i32.load(place)),
          i32.store(place, feature),
          call(tryFeature, region, node, total, feature),
          increase(place, 4),
          increase(tried, 1),
        ],
      ),
      when(isFound, [
        // Of the Gini impurity, weighed by the node's share of the tree's rows.
        set(
          decrease,
          f64.div(
            f64.mul(f64.sub(f64.load(node, 32), purityOf(total)), 2),
            weightOf(i64.load(placeIn(region, words.nodes), 8)),
          ),
        ),
        f64.store(node, f64.max(decrease, 0), 32),
        when(f64.less(f64.add(decrease, epsilon), f64.load(words.minImpurityDecrease)), [i32.store(node, -1, 16)]),
      ]),
    ];
  });
}

/** 2⁻⁵², what rounding may take off a decrease. */
const epsilon = 2.220446049250313e-16;

/** A number in [0, bound), by Marsaglia's xorshift with shifts 13, 17 and 5. */
function defineRandom(module: ModuleBuilder): WasmFunction {
  return module.compute('random', { region: 'i32', bound: 'i32' }, ({ region, bound }, variable) => {
    const state = variable('i32');
    return [
      set(state, i32.load(region, 4)),
      set(state, i32.xor(state, i32.shl(state, 13))),
      set(state, i32.xor(state, i32.shrUnsigned(state, 17))),
      set(state, i32.xor(state, i32.shl(state, 5))),
      i32.store(region, state, 4),
      i32.wrap(i64.shrUnsigned(i64.mul(i64.extend(state), i64.extend(bound)), 32)),
    ];
  });
}

/** Finds a node's best split by one feature: counts bins, puts those in use side by side, and tries a cut after each. */
function defineTryFeature(module: ModuleBuilder): WasmFunction {
  const countRows = defineCountRows(module);
  const condense = defineCondense(module);
  const parameters = { region: 'i32', node: 'i32', total: 'i64', feature: 'i32' } as const;
  return module.define('tryFeature', parameters, ({ region, node, total, feature }, variable) => {
    const [bins, missingBin, index, last, bin, missingLeft] = locals(variable, 'i32', 6);
    const [left, right, missing] = locals(variable, 'i64', 3);
    const score = variable('f64');
    const hasMissing = i64.notEqual(missing, 0);
    const minRows = i32.load(words.minSamplesLeaf);
    const cellAt = i64.load(i32.add(placeIn(region, words.denseCells), i32.shl(index, 3)));
    const binAt = (offset: number) => i32.load(i32.add(placeIn(region, words.denseBins), i32.shl(index, 2)), offset);
    return [
      set(missingBin, i32.load(i32.add(i32.load(words.missingBins), i32.shl(feature, 2)))),
      call(countRows, region, node, feature),
      set(bins, call(condense, region, node, missingBin)),
      // What is counted beyond the others' sum is missing.
      set(missing, i64.load(i32.add(placeIn(region, words.cells), i32.shl(missingBin, 3)))),
      i64.store(i32.add(placeIn(region, words.cells), i32.shl(missingBin, 3)), 0),
      count(missingLeft, 0, i32.add(1, hasMissing), [
        set(left, 0),
        when(missingLeft, [set(left, missing)]),
        set(last, i32.sub(i32.add(bins, i32.greater(hasMissing, missingLeft)), 1)),
        count(index, 0, last, [
          set(left, i64.add(left, cellAt)),
          set(right, i64.sub(total, left)),
          when(i32.and(i32.atLeast(rowsOf(left), minRows), i32.atLeast(rowsOf(right), minRows)), [
            set(score, f64.add(purityOf(left), purityOf(right))),
            when(f64.greater(score, f64.load(node, 32)), [
              set(bin, i32.sub(missingBin, 1)),
              when(i32.less(index, i32.sub(bins, 1)), [set(bin, i32.shrUnsigned(i32.add(binAt(0), binAt(4)), 1))]),
              f64.store(node, score, 32),
              i32.store(node, feature, 16),
              i32.store(node, bin, 20),
              i32.store(node, missingLeft, 24),
              // Where a node has seen no missing value, one will go the way of more rows.
              when(i32.equal(hasMissing, 0), [i32.store(node, i32.greater(rowsOf(left), rowsOf(right)), 24)]),
              i64.store(node, left, 40),
            ]),
          ]),
        ]),
      ]),
    ];
  });
}
