import { type Code, type Local, locals } from '../../webassembly/code.ts';
import { call, count, i32, i64, increase, repeatWhile, set, v128, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { buildBytes, gatheredRows, rangeBytes, words } from './memory-map.ts';
import { defineZero } from './move-kernels.ts';

/** Bytes that a group gathers rows into: derivatives as cells have them, then bins. */
export function gatheredBytes(rowBytes: number): number {
  return gatheredRows * (derivativeBytes + rowBytes);
}

/** Of a gathered row. */
const derivativeBytes = 8;

/**
 * `buildHistograms(group)`: sums the derivatives of every node to be built, over the rows of one group.
 *
 * Rows of a node lie scattered over memory, so a block of them is first copied side by side, which lets many loads be under way at once; sums are then
 * made from the copy. Rows that lie side by side anyway, as the root's do, stay where they are. A cell is gradient · 2³² + hessian, so both are added at once.
 *
 * @param cellOffsets where each feature's cells begin, in bytes
 */
export function defineBuildHistograms(
  module: ModuleBuilder,
  rowBytes: number,
  cellOffsets: readonly number[],
): WasmFunction {
  const zero = defineZero(module);
  const gatherBins = defineGatherBins(module, rowBytes);
  const gatherDerivatives = defineGatherDerivatives(module);
  const accumulators = chunksOf(cellOffsets, featuresAtOnce).map((offsets, chunk) =>
    defineAccumulate(module, rowBytes, chunk * featuresAtOnce, offsets),
  );
  return module.define('buildHistograms', { group: 'i32' }, ({ group }, variable) => {
    const [build, index, target, row, end, range, buffer, rows, read, bins] = locals(variable, 'i32', 10);
    return [
      set(build!, i32.load(words.builds)),
      set(buffer!, i32.add(i32.load(words.gathered), i32.mul(group, gatheredBytes(rowBytes)))),
      count(index!, 0, i32.load(words.buildCount), [
        set(target!, i32.load(build!, 4)),
        when(group, [set(target!, partialOf(index!, group))]),
        call(zero, target!, i32.load(words.histogramBytes)),
        set(
          range!,
          i32.add(
            i32.load(words.ranges),
            i32.mul(i32.add(i32.mul(i32.load(build!), i32.load(words.groups)), group), rangeBytes),
          ),
        ),
        set(row!, i32.load(range!)),
        set(end!, i32.load(range!, 4)),
        repeatWhile(i32.less(row!, end!), [
          set(rows!, i32.sub(end!, row!)),
          when(i32.greater(rows!, gatheredRows), [set(rows!, gatheredRows)]),
          set(read!, i32.add(i32.load(words.order), i32.shl(row!, 2))),
          call(gatherDerivatives, read!, rows!, buffer!),
          set(bins!, i32.add(i32.load(words.rowBins), i32.mul(i32.load(read!), rowBytes))),
          when(i32.notEqual(i32.sub(lastOf(read!, rows!), i32.load(read!)), i32.sub(rows!, 1)), [
            set(bins!, i32.add(buffer!, gatheredRows * derivativeBytes)),
            call(gatherBins, read!, rows!, bins!),
          ]),
          ...accumulators.map(accumulate => call(accumulate, bins!, buffer!, rows!, target!)),
          increase(row!, rows!),
        ]),
        increase(build!, buildBytes),
      ]),
    ];
  });
}

/** Address of the histogram that a group other than the first builds: partials lie by build, then by group. */
export function partialOf(index: Parameters<typeof i32.mul>[0], group: Parameters<typeof i32.mul>[0]): Code {
  const place = i32.add(i32.mul(index, i32.sub(i32.load(words.groups), 1)), i32.sub(group, 1));
  return i32.add(i32.load(words.partials), i32.mul(place, i32.load(words.histogramBytes)));
}

/** Features whose sums one function unrolls. */
const featuresAtOnce = 64;

function chunksOf<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}

/** The last of the rows in the order from `read` on. */
function lastOf(read: Local, rows: Local): Code {
  return i32.load(i32.add(read, i32.shl(i32.sub(rows, 1), 2)));
}

/** Copies the derivatives of the rows in the order from `read` on. */
function defineGatherDerivatives(module: ModuleBuilder): WasmFunction {
  const parameters = { read: 'i32', rows: 'i32', out: 'i32' } as const;
  return module.define('gatherDerivatives', parameters, ({ read, rows, out }, variable) => {
    const [end, derivatives] = locals(variable, 'i32', 2);
    const packed = variable('i64');
    return [
      set(end!, i32.add(read, i32.shl(rows, 2))),
      set(derivatives!, i32.load(words.derivatives)),
      repeatWhile(i32.lessUnsigned(read, end!), [
        set(packed, i64.loadInt(i32.add(derivatives!, i32.shl(i32.load(read), 2)))),
        i64.store(out, i64.or(i64.shl(i64.shrSigned(packed, 16), 32), i64.and(packed, 0xffff))),
        increase(out, derivativeBytes),
        increase(read, 4),
      ]),
    ];
  });
}

/** Copies their bins. */
function defineGatherBins(module: ModuleBuilder, rowBytes: number): WasmFunction {
  const parameters = { read: 'i32', rows: 'i32', out: 'i32' } as const;
  return module.define('gatherBins', parameters, ({ read, rows, out }, variable) => {
    const [end, from, bins] = locals(variable, 'i32', 3);
    const vectors = Array.from({ length: rowBytes / 16 }, (_, i) => i * 16);
    return [
      set(end!, i32.add(read, i32.shl(rows, 2))),
      set(bins!, i32.load(words.rowBins)),
      repeatWhile(i32.lessUnsigned(read, end!), [
        set(from!, i32.add(bins!, i32.mul(i32.load(read), rowBytes))),
        ...vectors.map(offset => v128.store(out, v128.load(from!, offset), offset)),
        increase(out, rowBytes),
        increase(read, 4),
      ]),
    ];
  });
}

/** Adds rows side by side to the cells of up to `featuresAtOnce` features from `first` on. */
function defineAccumulate(
  module: ModuleBuilder,
  rowBytes: number,
  first: number,
  cellOffsets: readonly number[],
): WasmFunction {
  const parameters = { bins: 'i32', derivatives: 'i32', rows: 'i32', cells: 'i32' } as const;
  return module.define(`accumulate${first}`, parameters, ({ bins, derivatives, rows, cells }, variable) => {
    const [end, cell] = [variable('i32'), variable('i32')];
    const added = variable('i64');
    const addTo = (offset: number, place: number): Code[] => {
      return [
        set(cell, i32.add(cells, i32.shl(i32.loadByte(bins, place), 3))),
        i64.store(cell, i64.add(i64.load(cell, offset), added), offset),
      ];
    };
    return [
      set(end, i32.add(derivatives, i32.mul(rows, derivativeBytes))),
      repeatWhile(i32.lessUnsigned(derivatives, end), [
        set(added, i64.load(derivatives)),
        ...cellOffsets.flatMap((offset, place) => addTo(offset, first + place)),
        increase(bins, rowBytes),
        increase(derivatives, derivativeBytes),
      ]),
    ];
  });
}
