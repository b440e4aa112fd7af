import type { Code, Local, Operand, ValueType } from '../../webassembly/code.ts';
import { call, count, f64, i32, i64, increase, repeatWhile, set, when } from '../../webassembly/instructions.ts';
import { buildModule, type ModuleBuilder, type WasmFunction } from '../../webassembly/module.ts';
import { defineAssign } from './binning-kernel.ts';
import { cellBits, nodeBytes, words } from './memory-map.ts';
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

/** Tries features drawn at random: as many as asked for, then more until one splits the node. The best stays in the node. */
function defineFindSplit(module: ModuleBuilder): WasmFunction {
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

/** Rows up to which bins in use are noted while counting; beyond, all bins are looked at. */
const fewRows = 256;

/** Adds up a node's rows by one feature's bins. */
function defineCountRows(module: ModuleBuilder): WasmFunction {
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
function defineCondense(module: ModuleBuilder): WasmFunction {
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

/** Parts a node's rows, each side in its order; gives where the right side begins. */
function definePart(module: ModuleBuilder, move: WasmFunction): WasmFunction {
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
        set(
          isLeft,
          i32.or(
            i32.and(isMissing, i32.load(node, 24)),
            i32.greater(i32.less(i32.sub(bin, 1), i32.load(node, 20)), isMissing),
          ),
        ),
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

/** `vote(chunk)`: has the trees that have just grown predict the rows of a chunk that they were not grown from. */
function defineVote(module: ModuleBuilder): WasmFunction {
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
              set(
                isLeft,
                i32.or(
                  i32.and(isMissing, i32.load(node, 24)),
                  i32.greater(i32.less(i32.sub(bin, 1), i32.load(node, 20)), isMissing),
                ),
              ),
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

/** Address of a part of a region. */
function placeIn(region: Local, word: number): Code {
  return i32.add(region, i32.load(word));
}

const fieldMask = 2097151;

function rowsOf(cell: Local): Code {
  return i32.wrap(i64.and(cell, fieldMask));
}

function drawsOf(cell: Operand): Code {
  return f64.fromInt(i64.and(i64.shrUnsigned(cell, cellBits), fieldMask));
}

function positivesOf(cell: Operand): Code {
  return f64.fromInt(i64.shrUnsigned(cell, 2 * cellBits));
}

/** Whether both classes are there. */
function isMixed(cell: Local): Code {
  return i32.and(f64.greater(positivesOf(cell), 0), f64.less(positivesOf(cell), drawsOf(cell)));
}

function positiveWeightOf(cell: Operand): Code {
  return f64.mul(positivesOf(cell), f64.load(words.positiveWeight));
}

function weightOf(cell: Operand): Code {
  const negatives = f64.sub(drawsOf(cell), positivesOf(cell));
  return f64.add(positiveWeightOf(cell), f64.mul(negatives, f64.load(words.negativeWeight)));
}

/** Share of positives, by weight. */
function shareOf(cell: Operand): Code {
  return f64.div(positiveWeightOf(cell), weightOf(cell));
}

/** P² / W: twice what is lacking to P is W times the Gini impurity. */
function purityOf(cell: Operand): Code {
  return f64.div(f64.mul(positiveWeightOf(cell), positiveWeightOf(cell)), weightOf(cell));
}

/** So many variables of a type. */
function locals(variable: (type: ValueType) => Local, type: ValueType, length: number): Local[] {
  return Array.from({ length }, () => variable(type));
}
