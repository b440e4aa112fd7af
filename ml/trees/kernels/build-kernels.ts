import { call } from '../../webassembly/instructions.ts';
import { buildModule } from '../../webassembly/module.ts';
import { defineAssign } from './binning-kernel.ts';
import { defineBuildHistograms } from './histogram-kernel.ts';
import { defineRenew, defineUpdate } from './leaf-kernels.ts';
import { defineMove } from './move-kernels.ts';
import { defineOrder } from './order-kernel.ts';
import { definePartition } from './partition-kernel.ts';
import { defineEvaluate } from './scan-kernel.ts';
import { defineTeam } from './team-kernel.ts';

/** What kernels are made for. */
export interface KernelShape {
  /** Bytes of a row of bins, a multiple of 16. */
  readonly rowBytes: number;
  /** Where each feature's cells begin in a histogram, in bytes. */
  readonly cellOffsets: readonly number[];
  /** Whether leaf values have bounds, or features a direction. */
  readonly bounded: boolean;
}

/** Writes the module of the commands in `memory-map.ts`, whose parts are chunks of rows, groups of rows or slices of features. */
export function buildKernels({ rowBytes, cellOffsets, bounded }: KernelShape): Uint8Array {
  const module = buildModule();
  const assign = defineAssign(module, rowBytes);
  const partition = definePartition(module, defineMove(module));
  const buildHistograms = defineBuildHistograms(module, rowBytes, cellOffsets);
  const advance = module.define('advance', { group: 'i32' }, ({ group }) => [
    call(partition, group),
    call(buildHistograms, group),
  ]);
  const evaluate = defineEvaluate(module, bounded);
  defineTeam(module, [assign, advance, evaluate, defineRenew(module), defineUpdate(module), defineOrder(module)]);
  return module.write();
}
