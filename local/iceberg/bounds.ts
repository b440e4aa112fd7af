import type { IcebergType } from './table-metadata.ts';

const widths: Readonly<Record<string, 4 | 8>> = { int: 4, date: 4, long: 8, timestamp: 8 };

/** Tells whether columns of a type have bounds here: int, long, date and timestamp. */
export function hasBounds(type: IcebergType): boolean {
  return Object.hasOwn(widths, type);
}

/** Writes one value in the specification's single-value form: 4 or 8 bytes, little-endian. */
export function printBound(type: IcebergType, value: bigint): Buffer {
  const bytes = Buffer.alloc(widths[type] ?? 8);
  if (bytes.length === 4) bytes.writeInt32LE(Number(value));
  else bytes.writeBigInt64LE(value);
  return bytes;
}

/** Reads a bound of any of the types: the width tells them apart, also after an int column became long. */
export function parseBound(bytes: Buffer): bigint {
  return bytes.length === 4 ? BigInt(bytes.readInt32LE()) : bytes.readBigInt64LE();
}
