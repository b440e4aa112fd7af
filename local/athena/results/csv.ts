/** Prints rows as Athena's result files hold them: every value in quotes, NULL as nothing. */
export function printCsv(rows: readonly (readonly (string | null)[])[]): string {
  return rows
    .map(row => `${row.map(value => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`)
    .join('');
}

/** Reads what `printCsv` prints. */
export function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  for (const [, quoted, end] of text.matchAll(/(?:"((?:[^"]|"")*)")?(,|\n)/g)) {
    row.push(quoted === undefined ? null : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
