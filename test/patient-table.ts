import type { Table } from '../platform/table.ts';

/** A table that heeds no deadline of its caller: a busy machine must not fail a test. */
export function patientTable(table: Table): Table {
  return { ...table, putMany: items => table.putMany(items) };
}
