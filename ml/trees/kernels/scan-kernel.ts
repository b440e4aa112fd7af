import { type Code, type Local, locals, type Operand, type ValueType } from '../../webassembly/code.ts';
import { call, count, f64, f64x2, i32, i64, i64x2, increase, set, v128, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { partialOf } from './histogram-kernel.ts';
import { buildBytes, featureBytes, resultBytes, scanBytes, words } from './memory-map.ts';

/**
 * `evaluate(slice)`: for a slice of the features, adds up the groups' histograms, takes them from the parents' to have the siblings', and finds the best
 * split of each node by each number feature.
 *
 * @param bounded whether leaf values have bounds, or features a direction
 */
export function defineEvaluate(module: ModuleBuilder, bounded: boolean): WasmFunction {
  const merge = defineMerge(module);
  const scan = defineScan(module, bounded);
  return module.define('evaluate', { slice: 'i32' }, ({ slice }, variable) => {
    const [index, record, first, end, feature, table, result] = locals(variable, 'i32', 7);
    const boundary = (offset: number) => i32.load(i32.add(i32.load(words.slices), i32.shl(slice, 2)), offset);
    const recordOf = (number: Code) => i32.add(i32.load(words.features), i32.mul(number, featureBytes));
    return [
      // Past the last feature lies the record of the end, whose offset is the whole histogram's size.
      set(first!, i32.load(recordOf(boundary(0)))),
      set(end!, i32.load(recordOf(boundary(4)))),
      call(merge, first!, end!),
      set(record!, i32.load(words.scans)),
      count(index!, 0, i32.load(words.scanCount), [
        set(table!, recordOf(boundary(0))),
        set(
          result!,
          i32.add(
            i32.load(words.results),
            i32.mul(i32.add(i32.mul(index!, i32.load(words.featureCount)), boundary(0)), resultBytes),
          ),
        ),
        count(feature!, boundary(0), boundary(4), [
          f64.store(result!, Number.NEGATIVE_INFINITY),
          when(i32.load(table!, 12), [call(scan, record!, table!, result!)]),
          increase(table!, featureBytes),
          increase(result!, resultBytes),
        ]),
        increase(record!, scanBytes),
      ]),
    ];
  });
}

/** Merges the cells from byte `first` to byte `end` of every histogram that was built. */
function defineMerge(module: ModuleBuilder): WasmFunction {
  return module.define('merge', { first: 'i32', end: 'i32' }, ({ first, end }, variable) => {
    const [index, build, group, place, built, other] = locals(variable, 'i32', 6);
    const combine = (operation: typeof i64x2.add, to: Local, from: Local) =>
      count(
        place!,
        first,
        end,
        [v128.store(i32.add(to, place!), operation(v128.load(i32.add(to, place!)), v128.load(i32.add(from, place!))))],
        16,
      );
    return [
      set(build!, i32.load(words.builds)),
      count(index!, 0, i32.load(words.buildCount), [
        set(built!, i32.load(build!, 4)),
        count(group!, 1, i32.load(words.groups), [
          set(other!, partialOf(index!, group!)),
          combine(i64x2.add, built!, other!),
        ]),
        set(other!, i32.load(build!, 8)),
        when(other!, [combine(i64x2.sub, other!, built!)]),
        increase(build!, buildBytes),
      ]),
    ];
  });
}

/** Scans one node's histogram of one number feature: first with missing values on the right, then, where there are any, on the left. */
function defineScan(module: ModuleBuilder, bounded: boolean): WasmFunction {
  const parameters = { node: 'i32', feature: 'i32', result: 'i32' } as const;
  return module.define('scan', parameters, ({ node, feature, result }, variable) => {
    const [cell, bin, last, missingLeft] = [variable('i32'), variable('i32'), variable('i32'), variable('i32')];
    const [sums, missing] = [variable('i64'), variable('i64')];
    const [total, lambda, alpha, least] = [variable('v128'), variable('v128'), variable('v128'), variable('v128')];
    const best = variable('f64');
    const keep = (score: Operand, left: Operand, at: Operand) => [
      set(best, score),
      i64.store(result, left, 8),
      i32.store(result, at, 16),
      i32.store(result, missingLeft, 20),
    ];
    const scan = { node, feature, cell, bin, sums, total, lambda, alpha, least, best, keep, variable };
    return [
      // Memory that is shared is read anew in every round, so what stays is kept in variables.
      set(lambda, f64x2.splat(f64.load(words.lambda))),
      set(alpha, f64x2.splat(f64.load(words.alpha))),
      set(least, f64x2.splat(f64.load(words.minChildWeight))),
      set(cell, i32.add(i32.load(node), i32.load(feature, 8))),
      set(missing, i64.load(cell)),
      set(total, f64x2.convertLow(i64x2.splat(i64.load(node, 8)))),
      set(best, Number.NEGATIVE_INFINITY),
      count(missingLeft, 0, i32.add(1, i64.notEqual(missing, 0)), [
        set(sums, 0),
        when(missingLeft, [set(sums, missing)]),
        set(cell, i32.add(i32.load(node), i32.load(feature))),
        // With missing values on the right, all the others may go left.
        set(last, i32.add(i32.load(feature, 4), i32.greater(i64.notEqual(missing, 0), missingLeft))),
        ...(bounded ? scanBounded(scan, last) : scanPairs(scan, last)),
      ]),
      f64.store(result, best),
    ];
  });
}

/** Variables of a scan. */
interface Scan {
  readonly node: Local;
  readonly feature: Local;
  readonly cell: Local;
  readonly bin: Local;
  /** Sums of the left side before `bin`. */
  readonly sums: Local;
  readonly total: Local;
  readonly lambda: Local;
  readonly alpha: Local;
  readonly least: Local;
  readonly best: Local;
  /** Notes a new best split. */
  readonly keep: (score: Operand, left: Operand, at: Operand) => Code[];
  readonly variable: (type: ValueType) => Local;
}

/**
 * Scores two bins at once by Σ max(|G| − α, 0)² / (H + λ) over both sides. Where bins are odd in number, one past the last is scored too; all is on its left
 * then, and an empty side is never enough.
 */
function scanPairs({ cell, bin, sums, total, lambda, alpha, least, best, keep, variable }: Scan, last: Local): Code[] {
  const second = variable('i64');
  const [one, other, hessians, gradients, score, bestPair] = locals(variable, 'v128', 6);
  const [totalHessian, totalGradient] = [variable('v128'), variable('v128')];
  const rest = (whole: Local, part: Local) => f64x2.sub(whole, part);
  const scoreOf = (g: Operand, h: Operand) => [
    set(one!, shrinkage(g, alpha)),
    set(one!, f64x2.div(f64x2.mul(one!, one!), f64x2.add(h, lambda))),
  ];
  const isEnough = v128.and(f64x2.atLeast(hessians!, least), f64x2.atLeast(rest(totalHessian, hessians!), least));
  return [
    set(totalHessian, v128.shuffle(total, total, 0, 0)),
    set(totalGradient, v128.shuffle(total, total, 1, 1)),
    set(bestPair!, f64x2.splat(best)),
    count(
      bin,
      0,
      last,
      [
        set(sums, i64.add(sums, i64.load(cell))),
        set(second, i64.add(sums, i64.load(cell, 8))),
        set(one!, f64x2.convertLow(i64x2.splat(sums))),
        set(other!, f64x2.convertLow(i64x2.splat(second))),
        set(hessians!, v128.shuffle(one!, other!, 0, 2)),
        set(gradients!, v128.shuffle(one!, other!, 1, 3)),
        ...scoreOf(gradients!, hessians!),
        set(score!, one!),
        ...scoreOf(rest(totalGradient, gradients!), rest(totalHessian, hessians!)),
        set(score!, v128.select(f64x2.add(score!, one!), f64x2.splat(Number.NEGATIVE_INFINITY), isEnough)),
        when(v128.anyTrue(f64x2.greater(score!, bestPair!)), [
          when(f64.greater(f64x2.lane(score!, 0), best), keep(f64x2.lane(score!, 0), sums, bin)),
          when(f64.greater(f64x2.lane(score!, 1), best), keep(f64x2.lane(score!, 1), second, i32.add(bin, 1))),
          set(bestPair!, f64x2.splat(best)),
        ]),
        set(sums, second),
        increase(cell, 16),
      ],
      2,
    ),
  ];
}

/** max(|G| − α, 0) */
function shrinkage(gradients: Operand, alpha: Local): Code {
  return f64x2.pmax(f64x2.sub(f64x2.abs(gradients), alpha), f64x2.splat(0));
}

/**
 * Scores one bin after another, left and right side in two lanes, by −Σ (2 G w + (H + λ) w² + 2 α |w|) with each side's w kept within bounds; values that run
 * against the feature's direction are passed over.
 */
function scanBounded(scan: Scan, last: Local): Code[] {
  const { node, feature, cell, bin, sums, total, lambda, alpha, least, best, keep, variable } = scan;
  const [left, right, gradients, hessians, values, parts] = locals(variable, 'v128', 6);
  const score = variable('f64');
  const rise = f64.sub(f64x2.lane(values!, 1), f64x2.lane(values!, 0));
  const passOver = set(score, Number.NEGATIVE_INFINITY);
  const scoring = [
    set(values!, shrinkage(gradients!, alpha)),
    // The value of a falling loss is positive.
    set(values!, v128.select(values!, f64x2.neg(values!), f64x2.less(gradients!, f64x2.splat(0)))),
    set(hessians!, f64x2.add(hessians!, lambda)),
    set(values!, f64x2.div(values!, hessians!)),
    set(values!, f64x2.pmin(f64x2.pmax(values!, f64x2.splat(f64.load(node, 16))), f64x2.splat(f64.load(node, 24)))),
    set(parts!, f64x2.mul(f64x2.add(f64x2.mul(hessians!, values!), f64x2.add(gradients!, gradients!)), values!)),
    set(parts!, f64x2.add(parts!, f64x2.mul(f64x2.add(alpha, alpha), f64x2.abs(values!)))),
    set(score, f64.neg(f64.add(f64x2.lane(parts!, 0), f64x2.lane(parts!, 1)))),
    when(i32.greater(i32.load(feature, 16), 0), [when(f64.less(rise, 0), [passOver])]),
    when(i32.less(i32.load(feature, 16), 0), [when(f64.greater(rise, 0), [passOver])]),
  ];
  return [
    count(bin, 0, last, [
      set(sums, i64.add(sums, i64.load(cell))),
      set(left!, f64x2.convertLow(i64x2.splat(sums))),
      set(right!, f64x2.sub(total, left!)),
      set(hessians!, v128.shuffle(left!, right!, 0, 2)),
      set(gradients!, v128.shuffle(left!, right!, 1, 3)),
      when(i64x2.allTrue(f64x2.atLeast(hessians!, least)), [
        ...scoring,
        when(f64.greater(score, best), keep(score, sums, bin)),
      ]),
      increase(cell, 8),
    ]),
  ];
}
