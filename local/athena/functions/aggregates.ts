import {
  arrayOf,
  asDecimal,
  bigint,
  boolean,
  decimal,
  double,
  duckType,
  integer,
  real,
  type TrinoType,
  varchar,
} from '../sql/trino-type.ts';
import { type Signature, sameAsFirst, signatures } from './signature.ts';

const sumOfDecimals = (types: readonly TrinoType[]) => decimal(38, asDecimal(types[0]!)!.scale);

/** Aggregate functions. Sums and counts are cast back to Trino's types: DuckDB's are wider. */
export const aggregateFunctions: readonly Signature[] = [
  ...signatures('aggregate', [
    ['count', [], bigint, 'count(*)$tail'],
    ['count', ['any'], bigint, 'count($distinct$1)$tail'],
    // DuckDB's own is NULL on no rows.
    ['count_if', [boolean], bigint, 'count($distinctCASE WHEN $1 THEN 1 END)$tail'],
    ['sum', [bigint], bigint, 'CAST(sum($distinct$1)$tail AS BIGINT)'],
    [
      'sum',
      ['decimal'],
      sumOfDecimals,
      (_, types) => `CAST(sum($distinct$1)$tail AS ${duckType(sumOfDecimals(types))})`,
    ],
    ['sum', [real], real, 'CAST(sum($distinct$1)$tail AS FLOAT)'],
    ['sum', [double], double, 'sum($distinct$1)$tail'],
    ['avg', [bigint], double, 'CAST(avg($distinct$1)$tail AS DOUBLE)'],
    ['avg', ['decimal'], sameAsFirst, (_, [type]) => `CAST(avg($distinct$1)$tail AS ${duckType(type!)})`],
    ['avg', [real], real, 'CAST(avg($distinct$1)$tail AS FLOAT)'],
    ['avg', [double], double, 'avg($distinct$1)$tail'],
    ['min', ['any'], sameAsFirst, 'min($1)$tail'],
    ['max', ['any'], sameAsFirst, 'max($1)$tail'],
    // DuckDB's arg_min and arg_max skip rows whose first argument is NULL.
    ['min_by', ['any', 'any'], sameAsFirst, 'arg_min_null($1, $2)$tail'],
    ['max_by', ['any', 'any'], sameAsFirst, 'arg_max_null($1, $2)$tail'],
    ['arbitrary', ['any'], sameAsFirst, 'any_value($1)$tail'],
    ['any_value', ['any'], sameAsFirst, 'any_value($1)$tail'],
    ['bool_and', [boolean], boolean, 'bool_and($1)$tail'],
    ['every', [boolean], boolean, 'bool_and($1)$tail'],
    ['bool_or', [boolean], boolean, 'bool_or($1)$tail'],
    ['array_agg', ['any'], ([type]) => arrayOf(type!), 'list($distinct$1$order)$tail'],
    ['listagg', [varchar], varchar, `string_agg($distinct$1, ''$order)$tail`],
    ['listagg', [varchar, varchar], varchar, 'string_agg($distinct$1, $2$order)$tail'],
    ['approx_distinct', ['any'], bigint, 'CAST(approx_count_distinct($1)$tail AS BIGINT)'],
    ['approx_percentile', [bigint, 'literal'], bigint, 'approx_quantile($1, CAST($2 AS FLOAT))$tail'],
    ['approx_percentile', [double, double], double, 'approx_quantile($1, CAST($2 AS FLOAT))$tail'],
    ['approx_percentile', [double, arrayOf(double)], arrayOf(double), 'approx_quantile($1, CAST($2 AS FLOAT[]))$tail'],
    ['geometric_mean', [double], double, 'exp(avg(trino_ln($1))$tail)'],
  ]),
  ...statistics('stddev', 'stddev_samp'),
  ...statistics('stddev_samp', 'stddev_samp'),
  ...statistics('stddev_pop', 'stddev_pop'),
  ...statistics('variance', 'var_samp'),
  ...statistics('var_samp', 'var_samp'),
  ...statistics('var_pop', 'var_pop'),
  ...['corr', 'covar_samp', 'covar_pop', 'regr_slope', 'regr_intercept'].map(
    (name): Signature => ({
      name,
      kind: 'aggregate',
      parameters: [double, double],
      returns: double,
      sql: `${name}($1, $2)$tail`,
    }),
  ),
];

function statistics(name: string, duckFunction: string): Signature[] {
  return signatures('aggregate', [[name, [double], double, `${duckFunction}($distinct$1)$tail`]]);
}

/** Functions that need OVER. Aggregates may have it too. */
export const windowFunctions: readonly Signature[] = signatures('window', [
  ['row_number', [], bigint, 'row_number()$tail'],
  ['rank', [], bigint, 'rank()$tail'],
  ['dense_rank', [], bigint, 'dense_rank()$tail'],
  ['percent_rank', [], double, 'percent_rank()$tail'],
  ['cume_dist', [], double, 'cume_dist()$tail'],
  ['ntile', [bigint], bigint, 'ntile($1)$tail'],
  ['first_value', ['any'], sameAsFirst, 'first_value($1$nulls)$tail'],
  ['last_value', ['any'], sameAsFirst, 'last_value($1$nulls)$tail'],
  ['nth_value', ['any', bigint], sameAsFirst, 'nth_value($1, $2$nulls)$tail'],
  ...(['lag', 'lead'] as const).flatMap(name => [
    [name, ['any'], sameAsFirst, `${name}($1$nulls)$tail`] as const,
    [name, ['any', integer], sameAsFirst, `${name}($1, $2$nulls)$tail`] as const,
    [name, ['T', integer, 'T'], sameAsFirst, `${name}($1, $2, $3$nulls)$tail`] as const,
  ]),
]);
