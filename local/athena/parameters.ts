import { QueryError } from './query-error.ts';
import type { Parser, Token } from './sql/parser.ts';

/**
 * Puts execution parameters in place of the statement's `?`. Each must be one constant as SQL writes it: `5`, `-1.5`, `'text'`, `DATE '2026-01-01'`, `NULL`.
 *
 * @throws {QueryError} `INVALID_PARAMETER_USAGE`
 */
export function bindParameters(sql: string, parameters: readonly string[], parser: Parser): string {
  const places = parser.tokenize(sql, 'query').filter(({ token_type: kind }) => kind === 'PARAMETER');
  if (places.length !== parameters.length) {
    throw new QueryError(
      'INVALID_PARAMETER_USAGE',
      `Incorrect number of parameters: expected ${places.length} but found ${parameters.length}`,
    );
  }
  if (parameters.length > 0 && !/^\s*(select|with|insert|unload|\()/i.test(sql)) {
    throw new QueryError(
      'INVALID_PARAMETER_USAGE',
      'Execution parameters are supported in SELECT, INSERT INTO and UNLOAD only',
    );
  }
  for (const parameter of parameters) refuseOther(parameter, parser);
  return places.reduceRight(
    (text, { span }, index) => `${text.slice(0, span.start)} ${parameters[index]} ${text.slice(span.end)}`,
    sql,
  );
}

function refuseOther(parameter: string, parser: Parser): void {
  const shape = parser.tokenize(parameter, 'query').map(kindOf).join(' ');
  if (/^(-? ?number|string|null|true|false|(date|timestamp|decimal) string)$/.test(shape)) return;
  throw new QueryError('INVALID_PARAMETER_USAGE', `Execution parameter "${parameter}" is no constant`);
}

function kindOf({ token_type: kind, text }: Token): string {
  return kind === 'STRING' || kind === 'NUMBER' ? kind.toLowerCase() : text.toLowerCase();
}
