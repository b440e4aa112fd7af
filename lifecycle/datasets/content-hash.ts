import { createHash, hash } from 'node:crypto';
import type { Column } from '../../contracts/tables.ts';

/** Value of a row's column: what hyparquet reads for the column's type. */
export type CellValue = string | number | bigint | boolean | Date | null | undefined;

/** Adds up rows of one schema, in any order. */
export interface ContentHash {
  /** @param row values in the schema's order */
  add(row: readonly CellValue[]): void;
  /** Hex sha256 over schema, number of rows and the sum of the rows' hashes; equal contents give the same, duplicates counted. */
  digest(): string;
}

/** Starts a hash over rows that depends on neither their order nor the files they lie in. */
export function createContentHash(schema: readonly Column[]): ContentHash {
  const sum = new Uint32Array(lanes);
  const canonical = new CanonicalRow(schema);
  let rows = 0;
  return {
    add(row) {
      addModulo(sum, hash('sha256', canonical.encode(row), 'buffer'));
      rows++;
    },
    digest: () => createHash('sha256').update(JSON.stringify({ schema, rows })).update(sum).digest('hex'),
  };
}

/** 256 bits as 32-bit words, the least significant first. */
const lanes = 8;

/** sum ← sum + addend mod 2²⁵⁶ */
function addModulo(sum: Uint32Array, addend: Buffer): void {
  let carry = 0;
  for (let lane = 0; lane < lanes; lane++) {
    const total = sum[lane]! + addend.readUInt32LE(lane * 4) + carry;
    sum[lane] = total;
    carry = total > 0xffff_ffff ? 1 : 0;
  }
}

/** First byte of each encoded value, so that equal bytes of two types differ. */
const tags = { null: 0, string: 1, integer: 2, double: 3, boolean: 4, timestamp: 5 } as const;

/** Encodes rows as `tag value tag value …` into one growing buffer; texts are preceded by their length. */
class CanonicalRow {
  private buffer = Buffer.alloc(1_024);
  private length = 0;
  private readonly schema: readonly Column[];

  constructor(schema: readonly Column[]) {
    this.schema = schema;
  }

  encode(row: readonly CellValue[]): Buffer {
    this.length = 0;
    for (let index = 0; index < this.schema.length; index++) this.append(this.schema[index]!, row[index]);
    return this.buffer.subarray(0, this.length);
  }

  private append({ name, type }: Column, value: CellValue): void {
    if (value === null || value === undefined) this.tag(tags.null);
    else if (type === 'string' && typeof value === 'string') this.text(tags.string, value);
    else if ((type === 'bigint' || type === 'int') && (typeof value === 'bigint' || typeof value === 'number')) {
      this.text(tags.integer, value.toString());
    } else if (type === 'double' && typeof value === 'number') this.double(tags.double, value);
    else if (type === 'boolean' && typeof value === 'boolean') this.double(tags.boolean, value ? 1 : 0);
    else if (type === 'timestamp' && value instanceof Date) this.double(tags.timestamp, value.getTime());
    else throw new TypeError(`Column "${name}" holds ${typeof value} ${value}, expected ${type}`);
  }

  private tag(tag: number): void {
    this.reserve(1);
    this.buffer[this.length++] = tag;
  }

  private text(tag: number, text: string): void {
    this.tag(tag);
    const bytes = Buffer.byteLength(text);
    this.reserve(4 + bytes);
    this.buffer.writeUInt32LE(bytes, this.length);
    this.buffer.write(text, this.length + 4);
    this.length += 4 + bytes;
  }

  private double(tag: number, value: number): void {
    this.tag(tag);
    this.reserve(8);
    // One bit pattern for NaN, and none for −0.
    this.buffer.writeDoubleLE(Number.isNaN(value) ? Number.NaN : value + 0, this.length);
    this.length += 8;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    this.buffer = Buffer.concat([this.buffer], Math.max(this.buffer.length * 2, this.length + bytes));
  }
}
