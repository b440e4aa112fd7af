import type { TrinoType } from '../sql/trino-type.ts';

/** DuckDB's expression for the string that Athena's results show of a value; NULL stays NULL. */
export function athenaString(sql: string, type: TrinoType): string {
  switch (type.kind) {
    case 'varchar':
    case 'unknown':
      return sql;
    case 'real':
    case 'double':
      return `trino_float_display(${sql})`;
    case 'timestamp':
      return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%g')`;
    case 'timestamptz':
      return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%g UTC')`;
    case 'varbinary':
      return `trim(regexp_replace(lower(hex(${sql})), '(..)', '\\1 ', 'g'))`;
    case 'array':
      return `'[' || array_to_string(list_transform(${sql}, lambda e: ${orNull('e', type.element)}), ', ') || ']'`;
    case 'map':
      return `'{' || array_to_string(list_transform(map_entries(${sql}), lambda e: ${athenaString('e.key', type.key)} || '=' || ${orNull('e.value', type.value)}), ', ') || '}'`;
    default:
      return `CAST(${sql} AS VARCHAR)`;
  }
}

function orNull(sql: string, type: TrinoType): string {
  return `coalesce(${athenaString(sql, type)}, 'null')`;
}
