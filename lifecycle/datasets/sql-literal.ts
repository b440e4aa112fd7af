/** A text as an Athena SQL literal, whatever it holds. */
export function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An instant as an Athena timestamp literal, in UTC and to the millisecond, as Iceberg tables of Athena keep it. */
export function sqlTimestamp(instant: Date): string {
  return `TIMESTAMP '${instant.toISOString().slice(0, 23).replace('T', ' ')}'`;
}

/** The ISO instant of a timestamp as Athena prints it: `2026-01-01 10:00:00.000`, to the millisecond or finer, with ` UTC` or without. */
export function readTimestamp(text: string): string {
  return new Date(`${text.replace(/ UTC$/, '').replace(' ', 'T')}Z`).toISOString();
}

/** A column or table name quoted for SELECT, INSERT and DELETE, so that no name is taken for a keyword. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A column or table name quoted for DDL, which has its own quotes and its own keywords. */
export function ddlName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}
