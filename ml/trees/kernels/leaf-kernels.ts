import { ln2High, ln2Low } from '../../arithmetic/ln2.ts';
import { type Local, locals } from '../../webassembly/code.ts';
import { count, f64, f64x2, i32, i32x4, i64, i64x2, set, v128, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { classBytes, rangeBytes, sumUnit, words } from './memory-map.ts';

/**
 * `renew(group)`: sums the derivatives of every leaf anew, from the residuals before they were quantized, as integers in units of 2⁻³⁶ so that no order of
 * addition matters; and notes each row's leaf.
 */
export function defineRenew(module: ModuleBuilder): WasmFunction {
  return module.define('renew', { group: 'i32' }, ({ group }, variable) => {
    const [leaf, range, place, row, out, weights] = locals(variable, 'i32', 6);
    const [residual, size, weight] = [variable('f64'), variable('f64'), variable('f64')];
    const [gradient, hessian] = [variable('i64'), variable('i64')];
    const [order, residuals, leafOf] = [variable('i32'), variable('i32'), variable('i32')];
    const groups = i32.load(words.groups);
    const note = [
      set(row!, i32.load(i32.add(order, i32.shl(place!, 2)))),
      i32.storeShort(i32.add(leafOf, i32.shl(row!, 1)), leaf!),
    ];
    return [
      set(order, i32.load(words.order)),
      set(residuals, i32.load(words.residuals)),
      set(leafOf, i32.load(words.leafOf)),
      set(weights!, words.classes + 8),
      count(leaf!, 0, i32.load(words.leafCount), [
        set(gradient, 0),
        set(hessian, 0),
        set(
          range!,
          i32.add(
            i32.load(words.ranges),
            i32.mul(
              i32.add(i32.mul(i32.load(i32.add(i32.load(words.leaves), i32.shl(leaf!, 2))), groups), group),
              rangeBytes,
            ),
          ),
        ),
        count(place!, i32.load(range!), i32.load(range!, 4), [
          ...note,
          set(residual, f64.loadFloat(i32.add(residuals, i32.shl(row!, 2)))),
          set(size, f64.abs(residual)),
          // Residuals of positives are below 0.
          set(weight, f64.load(i32.add(weights!, i32.mul(f64.less(residual, 0), classBytes)))),
          set(weight, f64.mul(weight, sumUnit)),
          set(gradient, i64.add(gradient, i64.truncate(f64.mul(residual, weight)))),
          set(hessian, i64.add(hessian, i64.truncate(f64.mul(f64.mul(size, f64.sub(1, size)), weight)))),
        ]),
        count(place!, i32.load(range!, 8), i32.load(range!, 12), note),
        set(out!, i32.add(i32.load(words.leafSums), i32.shl(i32.add(i32.mul(leaf!, groups), group), 4))),
        i64.store(out!, gradient),
        i64.store(out!, hessian, 8),
      ]),
    ];
  });
}

/**
 * `update(chunk)`: adds each row's leaf value to its margin, and derives the loss there. Two rows at once; the arrays have room for one more.
 *
 * With x the margin in favour of the row's label negated, p = 1 / (1 + e⁻ˣ) is the size of the residual.
 */
export function defineUpdate(module: ModuleBuilder): WasmFunction {
  return module.define('update', { chunk: 'i32' }, ({ chunk }, variable) => {
    const [row, end, first, second, place] = locals(variable, 'i32', 5);
    const [margins, labels, leafOf, leafValues, residuals, derivatives] = locals(variable, 'i32', 6);
    const [margin, signs, weights, x, exponential, p, whole, rest, gradients, hessians] = Array.from(
      { length: 10 },
      () => variable('v128'),
    );
    const pairAt = (offset: number) => v128.loadHigh(second!, offset, v128.loadLow(first!, offset));
    const leafValueAt = (offset: number) =>
      i32.add(leafValues!, i32.shl(i32.loadShort(i32.add(leafOf!, i32.shl(row!, 1)), offset), 3));
    const classOf = (offset: number) =>
      i32.add(words.classes, i32.mul(i32.loadByte(i32.add(labels!, row!), offset), classBytes));
    return [
      set(row!, i32.mul(chunk, i32.load(words.chunkRows))),
      set(end!, i32.add(row!, i32.load(words.chunkRows))),
      when(i32.greater(end!, i32.load(words.rowCount)), [set(end!, i32.load(words.rowCount))]),
      ...(
        [
          [margins, words.margins],
          [labels, words.labels],
          [leafOf, words.leafOf],
          [leafValues, words.leafValues],
          [residuals, words.residuals],
          [derivatives, words.derivatives],
        ] as const
      ).map(([local, word]) => set(local!, i32.load(word))),
      count(
        row!,
        row!,
        end!,
        [
          set(first!, leafValueAt(0)),
          set(second!, leafValueAt(2)),
          set(place!, i32.add(margins!, i32.shl(row!, 3))),
          set(margin!, f64x2.add(v128.load(place!), pairAt(0))),
          v128.store(place!, margin!),
          set(first!, classOf(0)),
          set(second!, classOf(1)),
          set(signs!, pairAt(0)),
          set(weights!, pairAt(16)),
          set(x!, f64x2.mul(margin!, signs!)),
          ...exponentialOf(x!, { exponential: exponential!, whole: whole!, rest: rest! }),
          set(
            p!,
            f64x2.div(
              v128.select(exponential!, f64x2.splat(1), f64x2.less(x!, f64x2.splat(0))),
              f64x2.add(f64x2.splat(1), exponential!),
            ),
          ),
          v128.storeLow(i32.add(residuals!, i32.shl(row!, 2)), f64x2.demote(f64x2.mul(p!, signs!))),
          set(gradients!, f64x2.mul(f64x2.mul(p!, signs!), weights!)),
          set(hessians!, f64x2.mul(f64x2.mul(p!, f64x2.sub(f64x2.splat(1), p!)), weights!)),
          v128.storeLow(
            i32.add(derivatives!, i32.shl(row!, 2)),
            v128.or(i32x4.shl(i32x4.truncate(f64x2.round(gradients!)), 16), i32x4.truncate(f64x2.round(hessians!))),
          ),
        ],
        2,
      ),
    ];
  });
}

interface ExponentialLocals {
  readonly exponential: Local;
  readonly whole: Local;
  readonly rest: Local;
}

/** e to the minus |x|: 2ᵏ eʳ with |r| ≤ ln 2 / 2, eʳ by its Taylor series up to r⁸, within 3 · 10⁻¹⁰: residuals are float32. */
function exponentialOf(x: Local, { exponential, whole, rest }: ExponentialLocals) {
  // Below −700 the result is as good as 0, and the power of two would leave its range.
  const clamped = f64x2.pmax(f64x2.neg(f64x2.abs(x)), f64x2.splat(-700));
  return [
    set(rest, clamped),
    set(whole, f64x2.round(f64x2.mul(rest, f64x2.splat(Math.LOG2E)))),
    set(rest, f64x2.sub(rest, f64x2.mul(whole, f64x2.splat(ln2High)))),
    set(rest, f64x2.sub(rest, f64x2.mul(whole, f64x2.splat(ln2Low)))),
    set(exponential, f64x2.splat(inverseFactorial(8))),
    ...[7, 6, 5, 4, 3, 2, 1, 0].map(n =>
      set(exponential, f64x2.add(f64x2.mul(exponential, rest), f64x2.splat(inverseFactorial(n)))),
    ),
    set(
      exponential,
      // To add k to a double's exponent is to multiply it by 2ᵏ.
      i64x2.add(exponential, i64x2.shl(i64x2.extendLow(i32x4.truncate(whole)), 52)),
    ),
  ];
}

function inverseFactorial(n: number): number {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return 1 / factorial;
}
