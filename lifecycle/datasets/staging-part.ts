import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column } from '../../contracts/tables.ts';

const parquetTypes = {
  string: 'STRING',
  bigint: 'INT64',
  int: 'INT32',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
} as const;

/** Rows on their way into one Parquet file, kept by column. */
export class StagingPart {
  private readonly schema: readonly Column[];
  private columns: unknown[][];

  constructor(schema: readonly Column[]) {
    this.schema = schema;
    this.columns = schema.map(() => []);
  }

  get rows(): number {
    return this.columns[0]!.length;
  }

  /** @param row values in the schema's order */
  add(row: readonly unknown[]): void {
    for (let index = 0; index < this.schema.length; index++) {
      const value = row[index];
      const isBigint = this.schema[index]!.type === 'bigint' && typeof value === 'number';
      this.columns[index]!.push(isBigint ? BigInt(value) : value);
    }
  }

  /** The file of the rows so far; the part is empty afterwards. */
  take(): Uint8Array {
    const columnData = this.schema.map(({ name, type }, index) => ({
      name,
      type: parquetTypes[type],
      data: this.columns[index]!,
    }));
    this.columns = this.schema.map(() => []);
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  }
}
