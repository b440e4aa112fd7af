import { arrayOf, bigint, boolean, integer, varbinary, varchar } from '../sql/trino-type.ts';
import { type Signature, signatures } from './signature.ts';

/** Functions on text and bytes. `trino_…` are macros.ts's. */
export const stringFunctions: readonly Signature[] = [
  ...signatures(undefined, [
    ['length', [varchar], bigint, 'length($1)'],
    ['length', [varbinary], bigint, 'octet_length($1)'],
    ['lower', [varchar], varchar, 'lower($1)'],
    ['upper', [varchar], varchar, 'upper($1)'],
    ['reverse', [varchar], varchar, 'reverse($1)'],
    ['trim', [varchar], varchar, 'trim($1, trino_whitespace())'],
    ['ltrim', [varchar], varchar, 'ltrim($1, trino_whitespace())'],
    ['rtrim', [varchar], varchar, 'rtrim($1, trino_whitespace())'],
    ['trim', [varchar, varchar], varchar, 'trim($1, $2)'],
    ['ltrim', [varchar, varchar], varchar, 'ltrim($1, $2)'],
    ['rtrim', [varchar, varchar], varchar, 'rtrim($1, $2)'],
    ['substring', [varchar, bigint], varchar, 'trino_substr($1, $2)'],
    ['substring', [varchar, bigint, bigint], varchar, 'trino_substr_length($1, $2, $3)'],
    ['replace', [varchar, varchar], varchar, `trino_replace($1, $2, '')`],
    ['replace', [varchar, varchar, varchar], varchar, 'trino_replace($1, $2, $3)'],
    ['strpos', [varchar, varchar], bigint, 'strpos($1, $2)'],
    ['starts_with', [varchar, varchar], boolean, 'starts_with($1, $2)'],
    ['split', [varchar, varchar], arrayOf(varchar), 'trino_split($1, $2)'],
    ['split_part', [varchar, varchar, bigint], varchar, 'trino_split_part($1, $2, $3)'],
    ['lpad', [varchar, bigint, varchar], varchar, 'lpad($1, CAST($2 AS INTEGER), $3)'],
    ['rpad', [varchar, bigint, varchar], varchar, 'rpad($1, CAST($2 AS INTEGER), $3)'],
    ['translate', [varchar, varchar, varchar], varchar, 'translate($1, $2, $3)'],
    ['chr', [bigint], varchar, 'chr(CAST($1 AS INTEGER))'],
    ['codepoint', [varchar], integer, 'unicode($1)'],
    ['levenshtein_distance', [varchar, varchar], bigint, 'levenshtein($1, $2)'],
    ['regexp_like', [varchar, varchar], boolean, 'regexp_matches($1, $2)'],
    ['regexp_extract', [varchar, varchar], varchar, 'trino_regexp_extract($1, $2, 0)'],
    ['regexp_extract', [varchar, 'literal', integer], varchar, 'trino_regexp_extract($1, $2, $3)'],
    ['regexp_replace', [varchar, varchar], varchar, `regexp_replace($1, $2, '', 'g')`],
    ['regexp_replace', [varchar, varchar, 'literal'], varchar, regexpReplace],
    ['to_utf8', [varchar], varbinary, 'encode($1)'],
    ['from_utf8', [varbinary], varchar, 'decode($1)'],
    ['to_hex', [varbinary], varchar, 'hex($1)'],
    ['from_hex', [varchar], varbinary, 'unhex($1)'],
    ['to_base64', [varbinary], varchar, 'to_base64($1)'],
    ['from_base64', [varchar], varbinary, 'from_base64($1)'],
    // DuckDB's hashes are lower-case text, Trino's are bytes.
    ['md5', [varbinary], varbinary, 'unhex(md5($1))'],
    ['sha1', [varbinary], varbinary, 'unhex(sha1($1))'],
    ['sha256', [varbinary], varbinary, 'unhex(sha256($1))'],
    ['from_base', [varchar, bigint], bigint, 'trino_from_base($1, $2)'],
    ['to_base', [bigint, bigint], varchar, 'trino_to_base($1, $2)'],
    ['json_extract_scalar', [varchar, 'literal'], varchar, 'trino_json_scalar($1, $2)'],
    ['hamming_distance', [varchar, varchar], bigint, 'hamming($1, $2)'],
  ]),
  // In Trino a NULL makes the whole text NULL; DuckDB's concat skips it.
  { name: 'concat', parameters: [varchar], variadic: true, returns: varchar, sql: args => `(${args.join(' || ')})` },
  { name: 'concat_ws', parameters: [varchar, varchar], variadic: true, returns: varchar, sql: 'concat_ws($*)' },
];

/** Java names groups `$1`, RE2 `\\1`. */
function regexpReplace(args: readonly string[]): string {
  const replacement = args[2]!.replaceAll('\\', '\\\\').replace(/\$(\d)/g, '\\$1');
  return `regexp_replace(${args[0]}, ${args[1]}, ${replacement}, 'g')`;
}
