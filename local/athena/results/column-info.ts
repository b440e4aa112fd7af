import type { TrinoType } from '../sql/trino-type.ts';
import type { ResultColumn } from '../statements/execution.ts';

const digits: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  real: 17,
  double: 17,
  varchar: 2147483647,
  varbinary: 1073741824,
  timestamp: 3,
  timestamptz: 3,
};

/** Describes a result column as `ResultSetMetadata` does. */
export function columnInfo({ name, type }: ResultColumn): object {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: plainName(type),
    Precision: type.kind === 'decimal' ? type.precision : (digits[type.kind] ?? 0),
    Scale: type.kind === 'decimal' ? type.scale : 0,
    Nullable: 'UNKNOWN',
    CaseSensitive: type.kind === 'varchar',
  };
}

/** The type without its parameters. */
function plainName({ kind }: TrinoType): string {
  const names: Readonly<Record<string, string>> = {
    real: 'float',
    timestamptz: 'timestamp with time zone',
    dayInterval: 'interval day to second',
    monthInterval: 'interval year to month',
  };
  return names[kind] ?? kind;
}
