import { arrayOf, bigint, boolean, type TrinoType, unknown, varchar } from '../sql/trino-type.ts';
import { type Signature, sameAsFirst, signatures } from './signature.ts';

/** Functions on arrays and maps. */
export const collectionFunctions: readonly Signature[] = signatures(undefined, [
  ['cardinality', ['array'], bigint, 'len($1)'],
  ['cardinality', ['map'], bigint, 'CAST(cardinality($1) AS BIGINT)'],
  ['contains', [arrayOf(varchar), varchar], boolean, 'trino_contains($1, $2)'],
  ['contains', ['array', 'any'], boolean, 'trino_contains($1, $2)'],
  ['element_at', ['array', bigint], elementOf, 'trino_element_at($1, $2)'],
  ['element_at', ['map', 'any'], mapValueOf, '$1[$2]'],
  ['array_distinct', ['array'], sameAsFirst, 'trino_array_distinct($1)'],
  ['array_sort', ['array'], sameAsFirst, `list_sort($1, 'ASC', 'NULLS LAST')`],
  ['array_max', ['array'], elementOf, 'trino_array_extreme($1, list_max($1))'],
  ['array_min', ['array'], elementOf, 'trino_array_extreme($1, list_min($1))'],
  ['array_join', [arrayOf(varchar), varchar], varchar, 'array_to_string($1, $2)'],
  ['array_position', ['array', 'any'], bigint, 'CAST(coalesce(list_position($1, $2), 0) AS BIGINT)'],
  ['slice', ['array', bigint, bigint], sameAsFirst, 'list_slice($1, $2, $2 + $3 - 1)'],
  ['reverse', ['array'], sameAsFirst, 'list_reverse($1)'],
  ['map_keys', ['map'], ([type]) => arrayOf(type?.kind === 'map' ? type.key : unknown), 'map_keys($1)'],
  ['map_values', ['map'], types => arrayOf(mapValueOf(types)), 'map_values($1)'],
  ['map', ['array', 'array'], mapOf, 'map($1, $2)'],
]);

function elementOf([type]: readonly TrinoType[]): TrinoType {
  return type?.kind === 'array' ? type.element : unknown;
}

function mapValueOf([type]: readonly TrinoType[]): TrinoType {
  return type?.kind === 'map' ? type.value : unknown;
}

function mapOf([keys, values]: readonly TrinoType[]): TrinoType {
  return { kind: 'map', key: elementOf([keys!]), value: elementOf([values!]) };
}
