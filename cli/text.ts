/** Lays rows out under their headings, each on one line; columns of numbers are right-aligned. */
export function table(headings: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const cells = rows.map(row => row.map(cell => (cell === null ? '–' : String(cell).replaceAll('\n', '; '))));
  const isNumber = headings.map((_, column) => rows.length > 0 && rows.every(row => typeof row[column] !== 'string'));
  const widths = headings.map((heading, column) => Math.max(heading.length, ...cells.map(row => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd();
  return [line(headings), ...cells.map(line)].join('\n');
}

/** An ISO instant or date as people read it: `2026-11-21 02:07` in UTC. */
export function minute(instant: string | Date): string {
  return (typeof instant === 'string' ? instant : instant.toISOString()).slice(0, 16).replace('T', ' ');
}

/** `12,345` */
export function count(number: number): string {
  return number.toLocaleString('en');
}

/** Values as a row of bars, the lowest the lowest bar: `▇▄▂▁`. */
export function sparkline(values: readonly number[]): string {
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  return values.map(value => bars[Math.round(((value - low) / range) * (bars.length - 1))]).join('');
}

const bars = '▁▂▃▄▅▆▇█';

/** The message inside Lambda's JSON cause, or the cause itself. */
export function readCause(cause: string | null): string {
  try {
    return JSON.parse(cause ?? '').errorMessage ?? cause;
  } catch {
    return cause ?? 'no cause given';
  }
}
