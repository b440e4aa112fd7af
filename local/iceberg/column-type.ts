import { InvalidSchemaError } from './errors.ts';
import type { IcebergType } from './table-metadata.ts';

const icebergByAthena: Readonly<Record<string, IcebergType>> = {
  boolean: 'boolean',
  int: 'int',
  integer: 'int',
  bigint: 'long',
  float: 'float',
  double: 'double',
  date: 'date',
  string: 'string',
  timestamp: 'timestamp',
  binary: 'binary',
};

const athenaByIceberg = new Map(
  Object.entries(icebergByAthena)
    .filter(([athena]) => athena !== 'integer')
    .map(([athena, iceberg]) => [iceberg, athena]),
);

/**
 * Translates a column type of Athena's DDL (`bigint`, `decimal(10,2)`) into Iceberg's.
 *
 * @throws {InvalidSchemaError} for a type that Iceberg tables of Athena lack (tinyint, char …), and for nested types, which are not supported here
 */
export function toIcebergType(athenaType: string): IcebergType {
  const type = athenaType.trim().toLowerCase();
  const [, precision, scale] = /^decimal\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)$/.exec(type) ?? [];
  if (precision) return decimal(athenaType, Number(precision), Number(scale ?? 0));
  const iceberg = Object.hasOwn(icebergByAthena, type) ? icebergByAthena[type] : undefined;
  if (iceberg) return iceberg;
  throw new InvalidSchemaError(
    `Column type "${athenaType}" is not supported, expected ${Object.keys(icebergByAthena).join(', ')} or decimal(p,s)`,
  );
}

/** Translates a type of a table's schema into that of Athena's DDL and the Glue catalog: `long` → `bigint`. */
export function toAthenaType(icebergType: IcebergType): string {
  return athenaByIceberg.get(icebergType) ?? icebergType.replaceAll(' ', '');
}

/** Tells whether a column may change from one type to another without rewriting its files. */
export function isPromotion(from: IcebergType, to: IcebergType): boolean {
  if ((from === 'int' && to === 'long') || (from === 'float' && to === 'double')) return true;
  const [old, wide] = [decimalParts(from), decimalParts(to)];
  return old !== undefined && wide !== undefined && old.scale === wide.scale && old.precision < wide.precision;
}

function decimal(text: string, precision: number, scale: number): IcebergType {
  if (precision >= 1 && precision <= 38 && scale <= precision) return `decimal(${precision}, ${scale})`;
  throw new InvalidSchemaError(`Column type "${text}": precision must be in [1, 38] and scale in [0, precision]`);
}

function decimalParts(type: IcebergType): { precision: number; scale: number } | undefined {
  const [, precision, scale] = /^decimal\((\d+), (\d+)\)$/.exec(type) ?? [];
  return precision ? { precision: Number(precision), scale: Number(scale) } : undefined;
}
