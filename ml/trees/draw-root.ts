import { blockRows, rangeBytes } from './kernels/memory-map.ts';
import type { Workspace } from './workspace.ts';

/**
 * Makes a root of the rows that a tree is grown from. In each group's part of the order they come first; the others follow and only find their leaves.
 * OUT: order and range of node 0 in the workspace
 *
 * @param taken 1 for a row to grow from, 0 for the others @default - all
 */
export function drawRoot(workspace: Workspace, taken?: Uint8Array): void {
  const { integers, at, groups } = workspace;
  let start = 0;
  for (let group = 0; group < groups; group++) {
    const end = start + countRows(workspace, group);
    const middle = taken ? placeRows(workspace, group, start, taken) : end;
    integers.set([start, middle, middle, end], (at.ranges + group * rangeBytes) / 4);
    start = end;
  }
  if (!taken) workspace.run('order');
}

/** Rows of a group: of every round of blocks, one a group, it has its own. */
function countRows({ rowCount, groups }: Workspace, group: number): number {
  const rounds = Math.floor(rowCount / (groups * blockRows));
  const rest = rowCount - (rounds * groups + group) * blockRows;
  return rounds * blockRows + Math.max(0, Math.min(rest, blockRows));
}

/** Puts a group's rows that are taken into the order from `start` on, then its others; returns where those begin. */
function placeRows({ integers, at, rowCount, groups }: Workspace, group: number, start: number, taken: Uint8Array) {
  let next = at.order / 4 + start;
  let middle = start;
  for (const wanted of [1, 0]) {
    for (let block = group * blockRows; block < rowCount; block += groups * blockRows) {
      const end = Math.min(block + blockRows, rowCount);
      for (let row = block; row < end; row++) if (taken[row] === wanted) integers[next++] = row;
    }
    if (wanted === 1) middle = next - at.order / 4;
  }
  return middle;
}
