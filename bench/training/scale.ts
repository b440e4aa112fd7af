import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { round } from './compare-fits.ts';
import { columnCount } from './synthetic-rows.ts';

/** Time and memory of boosted trees by rows, each in a process of its own; then by how much a row of the most takes longer than one of the fewest. */
export function* measureScale(rowCounts: readonly number[], threadCounts: readonly number[]): Generator<object> {
  const script = fileURLToPath(new URL('fit-once.ts', import.meta.url));
  for (const threads of threadCounts) {
    const perRow: number[] = [];
    for (const rows of rowCounts) {
      const { seconds, peakMegabytes } = JSON.parse(
        execFileSync(process.execPath, [script, String(rows), String(threads)], { encoding: 'utf8' }),
      ) as { seconds: number; peakMegabytes: number };
      perRow.push((seconds * 1e6) / rows);
      yield {
        ...{ part: 'scale', rows, threads, seconds: round(seconds), microseconds_a_row: round(perRow.at(-1)!) },
        peak_mb: Math.round(peakMegabytes),
        ratio_peak_to_matrix: round(peakMegabytes / ((rows * columnCount * 4) / 1024 / 1024)),
      };
    }
    yield {
      ...{ part: 'scale', threads, from_rows: rowCounts[0], to_rows: rowCounts.at(-1) },
      ratio_time_a_row: round(perRow.at(-1)! / perRow[0]!),
    };
  }
}
