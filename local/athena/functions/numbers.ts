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
} from '../sql/trino-type.ts';
import { type Signature, sameAsFirst, signatures } from './signature.ts';

/** Functions on numbers. `trino_…` are macros.ts's. */
export const numberFunctions: readonly Signature[] = [
  ...perNumber('abs', 'abs'),
  ...perNumber('sign', 'sign'),
  ...perNumber('mod', 'trino_mod'),
  ...toWhole('ceil'),
  ...toWhole('floor'),
  ...toWhole('round'),
  ...signatures(undefined, [
    ['round', ['decimal', 'literal'], sameAsFirst, (args, [type]) => cast(`round(${args})`, type!)],
    ['round', [real, integer], real, 'round($1, $2)'],
    ['round', [double, integer], double, 'round($1, $2)'],
    ['truncate', [double], double, 'trunc($1)'],
    ['sqrt', [double], double, 'trino_sqrt($1)'],
    ['cbrt', [double], double, 'cbrt($1)'],
    ['exp', [double], double, 'exp($1)'],
    ['ln', [double], double, 'trino_ln($1)'],
    ['log', [double, double], double, '(trino_ln($2) / trino_ln($1))'],
    ['log2', [double], double, 'trino_log2($1)'],
    ['log10', [double], double, 'trino_log10($1)'],
    ['power', [double, double], double, 'pow($1, $2)'],
    ['sin', [double], double, 'sin($1)'],
    ['cos', [double], double, 'cos($1)'],
    ['tan', [double], double, 'tan($1)'],
    ['tanh', [double], double, 'tanh($1)'],
    ['atan', [double], double, 'atan($1)'],
    ['atan2', [double, double], double, 'atan2($1, $2)'],
    ['degrees', [double], double, 'degrees($1)'],
    ['radians', [double], double, 'radians($1)'],
    ['pi', [], double, 'pi()'],
    ['e', [], double, '2.718281828459045::DOUBLE'],
    ['nan', [], double, `'NaN'::DOUBLE`],
    ['infinity', [], double, `'Infinity'::DOUBLE`],
    ['is_nan', [double], boolean, 'isnan($1)'],
    ['is_finite', [double], boolean, 'isfinite($1)'],
    ['is_infinite', [double], boolean, 'isinf($1)'],
    ['rand', [], double, 'random()'],
    ['rand', [bigint], bigint, 'CAST(floor(random() * $1) AS BIGINT)'],
    ['width_bucket', [double, double, double, bigint], bigint, 'trino_width_bucket($1, $2, $3, $4)'],
    ['bitwise_and', [bigint, bigint], bigint, '($1 & $2)'],
    ['bitwise_or', [bigint, bigint], bigint, '($1 | $2)'],
    ['bitwise_xor', [bigint, bigint], bigint, 'xor($1, $2)'],
    ['bitwise_not', [bigint], bigint, '(~$1)'],
    ['sequence', [bigint, bigint], arrayOf(bigint), 'generate_series($1, $2)'],
    ['sequence', [bigint, bigint, bigint], arrayOf(bigint), 'generate_series($1, $2, $3)'],
  ]),
];

/** One overload a number type; the answer is cast back to it, since DuckDB may widen or narrow. */
function perNumber(name: string, duckFunction: string): Signature[] {
  const arity = name === 'mod' ? 2 : 1;
  return ([integer, bigint, 'decimal', real, double] as const).map(parameter => ({
    name,
    parameters: Array(arity).fill(parameter),
    returns: sameAsFirst,
    sql: (args, [type]) => cast(`${duckFunction}(${args})`, type!),
  }));
}

/** Rounding to whole numbers: integers stay as they are, decimals lose their scale. */
function toWhole(name: 'ceil' | 'floor' | 'round'): Signature[] {
  const wholeDecimal = (types: readonly TrinoType[]) => {
    const { precision, scale } = asDecimal(types[0]!)!;
    return decimal(precision - scale + Math.min(scale, 1), 0);
  };
  return signatures(undefined, [
    [name, [integer], integer, '$1'],
    [name, [bigint], bigint, '$1'],
    [name, ['decimal'], wholeDecimal, (args, types) => cast(`${name}(${args})`, wholeDecimal(types))],
    [name, [real], real, `${name}($1)`],
    [name, [double], double, `${name}($1)`],
  ]);
}

function cast(sql: string, type: TrinoType): string {
  return `CAST(${sql} AS ${duckType(type)})`;
}
