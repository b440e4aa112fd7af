import { type Code, locals } from '../../webassembly/code.ts';
import { call, count, i32, i64, increase, repeatWhile, set, v128, when } from '../../webassembly/instructions.ts';
import type { ModuleBuilder, WasmFunction } from '../../webassembly/module.ts';
import { buildBytes, gatheredRows, rangeBytes, words } from './memory-map.ts';
import { defineZero } from './move-kernels.ts';

/** Bytes that a group gathers rows into: bins, then derivatives as cells have them. */
export function gatheredBytes(rowBytes: number): number {
  return gatheredRows * (rowBytes + 8);
}

/**
 * `buildHistograms(group)`: sums the derivatives of every node to be built, over the rows of one group.
 *
 * Rows of a node lie scattered over memory, so a block of them is first copied side by side, which lets many loads be under way at once; sums are then
 * made from the copy. A cell is gradient · 2³² + hessian, so both are added at once.
 *
 * @param cellOffsets where each feature's cells begin, in bytes
 */
export function defineBuildHistograms(
  module: ModuleBuilder,
  rowBytes: number,
  cellOffsets: readonly number[],
): WasmFunction {
  const zero = defineZero(module);
  const gather = defineGather(module, rowBytes);
  const accumulators = chunksOf(cellOffsets, featuresAtOnce).map((offsets, chunk) =>
    defineAccumulate(module, rowBytes, chunk * featuresAtOnce, offsets),
  );
  return module.define('buildHistograms', { group: 'i32' }, ({ group }, variable) => {
    const [build, index, target, row, end, range, buffer, rows] = locals(variable, 'i32', 8);
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
          call(gather, row!, rows!, buffer!),
          ...accumulators.map(accumulate => call(accumulate, buffer!, rows!, target!)),
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

function defineGather(module: ModuleBuilder, rowBytes: number): WasmFunction {
  return module.define('gather', { start: 'i32', rows: 'i32', buffer: 'i32' }, ({ start, rows, buffer }, variable) => {
    const [read, end, from, row, bins, derivatives, out] = locals(variable, 'i32', 7);
    const packed = variable('i64');
    const vectors = Array.from({ length: rowBytes / 16 }, (_, i) => i * 16);
    return [
      set(read!, i32.add(i32.load(words.order), i32.shl(start, 2))),
      set(end!, i32.add(read!, i32.shl(rows, 2))),
      set(bins!, i32.load(words.rowBins)),
      set(derivatives!, i32.load(words.derivatives)),
      set(out!, i32.add(buffer, gatheredRows * rowBytes)),
      repeatWhile(i32.lessUnsigned(read!, end!), [
        set(row!, i32.load(read!)),
        set(from!, i32.add(bins!, i32.mul(row!, rowBytes))),
        ...vectors.map(offset => v128.store(buffer, v128.load(from!, offset), offset)),
        set(packed, i64.loadInt(i32.add(derivatives!, i32.shl(row!, 2)))),
        i64.store(out!, i64.or(i64.shl(i64.shrSigned(packed, 16), 32), i64.and(packed, 0xffff))),
        increase(buffer, rowBytes),
        increase(out!, 8),
        increase(read!, 4),
      ]),
    ];
  });
}

/** Adds gathered rows to the cells of up to `featuresAtOnce` features from `first` on. */
function defineAccumulate(
  module: ModuleBuilder,
  rowBytes: number,
  first: number,
  cellOffsets: readonly number[],
): WasmFunction {
  const parameters = { buffer: 'i32', rows: 'i32', cells: 'i32' } as const;
  return module.define(`accumulate${first}`, parameters, ({ buffer, rows, cells }, variable) => {
    const [read, end, cell] = [variable('i32'), variable('i32'), variable('i32')];
    const added = variable('i64');
    const addTo = (offset: number, place: number): Code[] => {
      return [
        set(cell, i32.add(cells, i32.shl(i32.loadByte(buffer, place), 3))),
        i64.store(cell, i64.add(i64.load(cell, offset), added), offset),
      ];
    };
    return [
      set(read, i32.add(buffer, gatheredRows * rowBytes)),
      set(end, i32.add(read, i32.shl(rows, 3))),
      repeatWhile(i32.lessUnsigned(read, end), [
        set(added, i64.load(read)),
        ...cellOffsets.flatMap((offset, place) => addTo(offset, first + place)),
        increase(buffer, rowBytes),
        increase(read, 8),
      ]),
    ];
  });
}
