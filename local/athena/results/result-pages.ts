import type { ObjectFolder } from '../../iceberg/object-folder.ts';
import { ServiceError } from '../../service.ts';
import type { QueryRecord } from '../executions.ts';
import type { Outcome } from '../statements/execution.ts';
import { columnInfo } from './column-info.ts';
import { parseCsv, printCsv } from './csv.ts';

type Row = readonly (string | null)[];

/** Most rows of one page. */
const maximumRows = 1000;

/** Writes a statement's result where Athena does, and returns what the record shall say of it. */
export async function writeResult(
  record: QueryRecord,
  { result, lines }: Outcome,
  folder: ObjectFolder,
): Promise<Partial<QueryRecord>> {
  if (lines) {
    await folder.write(`${record.outputLocation}${record.id}.txt`, lines.map(line => `${line}\n`).join(''));
    return { isText: true };
  }
  if (!result) return {};
  const header = result.columns.map(({ name }) => name);
  await folder.write(`${record.outputLocation}${record.id}.csv`, printCsv([header, ...result.rows]));
  return { columns: result.columns };
}

/** Address of a query's result, as `ResultConfiguration` names it. */
export function resultUri({ outputLocation, id, isText, type }: QueryRecord): string {
  return `${outputLocation}${id}.${isText || type === 'DDL' || type === 'UTILITY' ? 'txt' : 'csv'}`;
}

/** Pages through results. The rows of the last few queries are kept, so that a page does not read the file anew. */
export function createResultPages(folder: ObjectFolder) {
  const kept = new Map<string, readonly Row[]>();

  async function rowsOf(record: QueryRecord): Promise<readonly Row[]> {
    const known = kept.get(record.id);
    if (known) return known;
    if (!record.columns && !record.isText) return [];
    const text = (await folder.read(resultUri(record)))?.toString();
    if (text === undefined)
      throw new ServiceError('InvalidRequestException', `Could not find results at ${resultUri(record)}`);
    const rows = record.isText
      ? text
          .split('\n')
          .slice(0, -1)
          .map(line => [line])
      : parseCsv(text);
    kept.set(record.id, rows);
    if (kept.size > 8) kept.delete(kept.keys().next().value!);
    return rows;
  }

  return {
    /** One page of `GetQueryResults`. The first row of a query's first page is the header. @throws {ServiceError} */
    async page(
      record: QueryRecord,
      { MaxResults = maximumRows, NextToken }: { MaxResults?: number; NextToken?: string },
    ): Promise<object> {
      if (!(MaxResults >= 1 && MaxResults <= maximumRows)) {
        throw new ServiceError(
          'InvalidRequestException',
          `MaxResults is ${MaxResults}, expected a number from 1 to ${maximumRows}`,
        );
      }
      const start = NextToken === undefined ? 0 : Number(NextToken);
      const rows = await rowsOf(record);
      if (!Number.isInteger(start) || start < 0 || start > rows.length)
        throw new ServiceError('InvalidRequestException', `Invalid NextToken "${NextToken}"`);
      const end = start + MaxResults;
      const columns = record.columns ?? (record.isText ? [{ name: 'line', type: { kind: 'varchar' as const } }] : []);
      return {
        UpdateCount: record.updateCount ?? 0,
        ResultSet: {
          Rows: rows
            .slice(start, end)
            .map(row => ({ Data: row.map(value => (value === null ? {} : { VarCharValue: value })) })),
          ResultSetMetadata: { ColumnInfo: columns.map(columnInfo) },
        },
        NextToken: end < rows.length ? `${end}` : undefined,
      };
    },
  };
}
