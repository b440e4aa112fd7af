import { rangeBytes } from './kernels/memory-map.ts';
import type { Workspace } from './workspace.ts';

/** Rows go to groups in blocks of so many, so that all groups have rows of all times. */
const blockRows = 8192;

/** Which rows a tree is grown from. In each group's part of the order they come first; the others follow and only find their leaves. */
export class RowOrder {
  readonly #workspace: Workspace;
  readonly #rows: Int32Array;
  /** Where each group's rows begin, then the end. */
  readonly #starts: number[] = [0];

  constructor(workspace: Workspace) {
    const { rowCount, groups } = workspace;
    this.#workspace = workspace;
    this.#rows = new Int32Array(rowCount);
    let next = 0;
    for (let group = 0; group < groups; group++) {
      for (let block = group * blockRows; block < rowCount; block += groups * blockRows) {
        for (let row = block; row < Math.min(block + blockRows, rowCount); row++) this.#rows[next++] = row;
      }
      this.#starts.push(next);
    }
  }

  /**
   * Makes a root of the rows that are taken. OUT: order and range of node 0 in the workspace
   *
   * @param taken 1 for a row to grow from @default - all
   */
  draw(taken?: Uint8Array): void {
    const { integers, at, groups } = this.#workspace;
    const order = integers.subarray(at.order / 4, at.order / 4 + this.#rows.length);
    if (!taken) order.set(this.#rows);
    for (let group = 0; group < groups; group++) {
      const [start, end] = [this.#starts[group]!, this.#starts[group + 1]!];
      const middle = taken ? this.#part(order, start, end, taken) : end;
      integers.set([start, middle, middle, end], (at.ranges + group * rangeBytes) / 4);
    }
  }

  /** Puts rows that are taken before the others; returns where those begin. */
  #part(order: Int32Array, start: number, end: number, taken: Uint8Array): number {
    let next = start;
    let last = end;
    for (let i = start; i < end; i++) {
      const row = this.#rows[i]!;
      if (taken[row] === 1) order[next++] = row;
      else order[--last] = row;
    }
    return next;
  }
}
