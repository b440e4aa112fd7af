import type { DesignMatrix } from '../../ml/preprocessing/design-matrix.ts';

/** The encoded rows written out, a column for every number and level. */
export function writeOut({ rowCount, numberCount, categoryCount, columnCount, ...rows }: DesignMatrix): number[][] {
  return Array.from({ length: rowCount }, (_, row) => {
    const dense = new Array<number>(columnCount + 1).fill(0);
    for (let i = 0; i < numberCount; i++) dense[i] = rows.numbers[row * numberCount + i]!;
    for (let i = 0; i < categoryCount; i++) dense[rows.indices[row * categoryCount + i]!] = 1;
    return dense.slice(0, columnCount);
  });
}
