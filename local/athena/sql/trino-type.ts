/** A Trino type, as far as the embedded Athena knows them. Every timestamp has milliseconds, as Athena's do. */
export type TrinoType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: TrinoType }
  | { readonly kind: 'map'; readonly key: TrinoType; readonly value: TrinoType };

type SimpleKind = keyof typeof simpleTypes;

/** Simple kinds with Trino's name and DuckDB's type. */
const simpleTypes = {
  unknown: ['unknown', 'VARCHAR'],
  boolean: ['boolean', 'BOOLEAN'],
  tinyint: ['tinyint', 'TINYINT'],
  smallint: ['smallint', 'SMALLINT'],
  integer: ['integer', 'INTEGER'],
  bigint: ['bigint', 'BIGINT'],
  real: ['real', 'FLOAT'],
  double: ['double', 'DOUBLE'],
  varchar: ['varchar', 'VARCHAR'],
  varbinary: ['varbinary', 'BLOB'],
  date: ['date', 'DATE'],
  timestamp: ['timestamp(3)', 'TIMESTAMP'],
  timestamptz: ['timestamp(3) with time zone', 'TIMESTAMPTZ'],
  dayInterval: ['interval day to second', 'INTERVAL'],
  monthInterval: ['interval year to month', 'INTERVAL'],
  json: ['json', 'JSON'],
} as const;

export const unknown: TrinoType = { kind: 'unknown' };
export const boolean: TrinoType = { kind: 'boolean' };
export const integer: TrinoType = { kind: 'integer' };
export const bigint: TrinoType = { kind: 'bigint' };
export const real: TrinoType = { kind: 'real' };
export const double: TrinoType = { kind: 'double' };
export const varchar: TrinoType = { kind: 'varchar' };
export const varbinary: TrinoType = { kind: 'varbinary' };
export const date: TrinoType = { kind: 'date' };
export const timestamp: TrinoType = { kind: 'timestamp' };
export const timestamptz: TrinoType = { kind: 'timestamptz' };
export const dayInterval: TrinoType = { kind: 'dayInterval' };
export const monthInterval: TrinoType = { kind: 'monthInterval' };

export function decimal(precision: number, scale: number): TrinoType {
  return { kind: 'decimal', precision: Math.min(precision, 38), scale };
}

export function arrayOf(element: TrinoType): TrinoType {
  return { kind: 'array', element };
}

/** Trino's name of a type, as its messages and `typeof` say it. */
export function typeName(type: TrinoType): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'array':
      return `array(${typeName(type.element)})`;
    case 'map':
      return `map(${typeName(type.key)}, ${typeName(type.value)})`;
    default:
      return simpleTypes[type.kind][0];
  }
}

/** The DuckDB type that holds a Trino type's values. */
export function duckType(type: TrinoType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'array':
      return `${duckType(type.element)}[]`;
    case 'map':
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
    default:
      return simpleTypes[type.kind][1];
  }
}

export function sameType(left: TrinoType, right: TrinoType): boolean {
  return typeName(left) === typeName(right);
}

const integerDigits = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 } as const;

export function isInteger(type: TrinoType): type is { kind: keyof typeof integerDigits } {
  return type.kind in integerDigits;
}

export function isFloating(type: TrinoType): boolean {
  return type.kind === 'real' || type.kind === 'double';
}

export function isNumeric(type: TrinoType): boolean {
  return isInteger(type) || isFloating(type) || type.kind === 'decimal';
}

/** A number type as a decimal: an integer type is the decimal of its digits. */
export function asDecimal(type: TrinoType): { precision: number; scale: number } | undefined {
  if (type.kind === 'decimal') return type;
  return isInteger(type) ? { precision: integerDigits[type.kind], scale: 0 } : undefined;
}

const numberOrder = ['tinyint', 'smallint', 'integer', 'bigint', 'decimal', 'real', 'double'];
const timeOrder = ['date', 'timestamp', 'timestamptz'];

/** The type that both sides become without a cast, as Trino decides it; `undefined` when there is none. */
export function commonType(left: TrinoType, right: TrinoType): TrinoType | undefined {
  if (sameType(left, right) || right.kind === 'unknown') return left;
  if (left.kind === 'unknown') return right;
  if (left.kind === 'array' && right.kind === 'array') {
    const element = commonType(left.element, right.element);
    return element && arrayOf(element);
  }
  const [leftDecimal, rightDecimal] = [asDecimal(left), asDecimal(right)];
  if (leftDecimal && rightDecimal && !(isInteger(left) && isInteger(right))) {
    return commonDecimal(leftDecimal, rightDecimal);
  }
  for (const order of [numberOrder, timeOrder]) {
    const [leftRank, rightRank] = [order.indexOf(left.kind), order.indexOf(right.kind)];
    if (leftRank >= 0 && rightRank >= 0) return leftRank > rightRank ? left : right;
  }
  return undefined;
}

function commonDecimal(left: { precision: number; scale: number }, right: { precision: number; scale: number }) {
  const scale = Math.max(left.scale, right.scale);
  return decimal(Math.max(left.precision - left.scale, right.precision - right.scale) + scale, scale);
}

/** Whether a value becomes the type without a cast, as in an argument or an INSERT. */
export function canCoerce(from: TrinoType, to: TrinoType): boolean {
  const common = commonType(from, to);
  return common !== undefined && sameType(common, to);
}

/** Type of a column as Athena DDL, Glue or Iceberg name it: `string`, `int`, `decimal(10,2)`, `array<int>`, `struct<a:int>`. */
export function typeOfColumn(name: string): TrinoType | undefined {
  const text = name.trim().toLowerCase();
  const simple = columnTypes[text];
  if (simple) return { kind: simple };
  const decimals = /^decimal\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(text);
  if (decimals) return decimal(Number(decimals[1]), Number(decimals[2]));
  const array = /^(?:array|list)\s*<(.*)>$/s.exec(text);
  if (array) {
    const element = typeOfColumn(array[1]!);
    return element && arrayOf(element);
  }
  return undefined;
}

const columnTypes: Readonly<Record<string, SimpleKind>> = {
  boolean: 'boolean',
  tinyint: 'tinyint',
  smallint: 'smallint',
  int: 'integer',
  integer: 'integer',
  bigint: 'bigint',
  long: 'bigint',
  float: 'real',
  double: 'double',
  string: 'varchar',
  binary: 'varbinary',
  date: 'date',
  timestamp: 'timestamp',
  timestamptz: 'timestamptz',
};
