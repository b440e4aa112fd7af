import { overloadsOf } from '../functions/registry.ts';
import type { Parameter, Signature } from '../functions/signature.ts';
import { QueryError } from '../query-error.ts';
import type { Call } from './calls.ts';
import type { Environment } from './environment.ts';
import { orderingTerm } from './ordering.ts';
import { positionOfName } from './statement.ts';
import { boolean, canCoerce, commonType, type TrinoType, typeName, unknown, varchar } from './trino-type.ts';
import { coerce, quoteText, type TypedSql } from './typed-sql.ts';
import { translateWindow } from './windows.ts';

type Translate = (node: unknown, env: Environment) => TypedSql;

/** Translates a function call by the first overload that takes its arguments. @throws {QueryError} `FUNCTION_NOT_FOUND` */
export function translateCall(call: Call, env: Environment, translate: Translate): TypedSql {
  if (call.name === 'try' && call.args.length === 1) {
    const { sql, type } = translate(call.args[0], env);
    return { sql: `TRY(${sql})`, type };
  }
  const args = call.args.map(arg => translate(arg, env));
  if (call.name === 'typeof' && args.length === 1) return { sql: quoteText(typeName(args[0]!.type)), type: varchar };
  const { signature, values } = chooseOverload(call, args, env);
  const types = values.map(({ type }) => type);
  const returns = typeof signature.returns === 'function' ? signature.returns(types) : signature.returns;
  const template =
    typeof signature.sql === 'string'
      ? signature.sql
      : signature.sql(
          values.map(({ sql }) => sql),
          types,
        );
  refuseModifiers(call, signature.kind, template);
  // A scalar function's own SQL holds its arguments already.
  if (typeof signature.sql === 'function' && !signature.kind) return { sql: template, type: returns };
  return {
    sql: fill(
      template,
      call,
      values.map(({ sql }) => sql),
      env,
      translate,
    ),
    type: returns,
  };
}

function chooseOverload(call: Call, args: readonly TypedSql[], env: Environment) {
  const position = positionOfName(env.statement, call.name);
  const overloads = overloadsOf(call.name);
  if (overloads.length === 0)
    throw new QueryError('FUNCTION_NOT_FOUND', `Function '${call.name}' not registered`, position);
  for (const signature of overloads) {
    const values = bind(signature, args);
    if (values) return { signature, values };
  }
  const given = args.map(({ type }) => typeName(type)).join(', ');
  const expected = overloads
    .map(({ name, parameters }) => `${name}(${parameters.map(parameterName).join(', ')})`)
    .join(', ');
  throw new QueryError(
    'FUNCTION_NOT_FOUND',
    `Unexpected parameters (${given}) for function ${call.name}. Expected: ${expected}`,
    position,
  );
}

function bind({ parameters, variadic }: Signature, args: readonly TypedSql[]): readonly TypedSql[] | undefined {
  if (variadic ? args.length < parameters.length : args.length !== parameters.length) return undefined;
  const expected = args.map((_, index) => parameters[Math.min(index, parameters.length - 1)]!);
  const shared = sharedType(args.filter((_, index) => expected[index] === 'T'));
  if (!shared) return undefined;
  const bound = args.map((arg, index) => bindOne(arg, expected[index]!, shared));
  return bound.every(value => value !== undefined) ? bound : undefined;
}

function sharedType(args: readonly TypedSql[]): TrinoType | undefined {
  return args.reduce<TrinoType | undefined>((type, arg) => type && commonType(type, arg.type), unknown);
}

function bindOne(arg: TypedSql, parameter: Parameter, shared: TrinoType): TypedSql | undefined {
  if (parameter === 'any') return arg;
  if (parameter === 'T') return coerce(arg, shared);
  if (parameter === 'literal') return arg.literal ? arg : undefined;
  if (typeof parameter === 'string') return arg.type.kind === parameter ? arg : undefined;
  return canCoerce(arg.type, parameter) ? coerce(arg, parameter) : undefined;
}

function parameterName(parameter: Parameter): string {
  return typeof parameter === 'string' ? parameter : typeName(parameter);
}

function refuseModifiers(call: Call, kind: Signature['kind'], template: string): void {
  const scalar = kind === undefined;
  const refused =
    (scalar && (call.over || call.filter)) ||
    (call.distinct &&
      (scalar || !(template.includes('$distinct') || ['min', 'max', 'bool_and', 'bool_or'].includes(call.name)))) ||
    (call.orderBy.length > 0 && (scalar || !template.includes('$order'))) ||
    (call.ignoreNulls && (scalar || !template.includes('$nulls')));
  if (refused)
    throw new QueryError(
      'NOT_SUPPORTED',
      `DISTINCT, FILTER, ORDER BY, IGNORE NULLS or OVER with function ${call.name}`,
    );
  if (kind === 'window' && !call.over)
    throw new QueryError('MISSING_OVER', `Window function ${call.name} requires an OVER clause`);
}

/** Fills a template in one pass: the text of an argument is not looked at again. */
function fill(template: string, call: Call, args: readonly string[], env: Environment, translate: Translate): string {
  const inner = (expression: unknown) => translate(expression, env).sql;
  const parts: Readonly<Record<string, () => string>> = {
    '*': () => args.join(', '),
    distinct: () => (call.distinct ? 'DISTINCT ' : ''),
    order: () =>
      call.orderBy.length ? ` ORDER BY ${call.orderBy.map(term => orderingTerm(term, inner)).join(', ')}` : '',
    now: () => `CAST(make_timestamp_ms(${env.statement.nowMs}) AS TIMESTAMPTZ)`,
    nulls: () => (call.ignoreNulls ? ' IGNORE NULLS' : ''),
    tail: () => `${filterOf(call, env, translate)}${call.over ? translateWindow(call.over, inner) : ''}`,
  };
  return template.replace(
    /\$(\d|\*|distinct|order|now|nulls|tail)/g,
    (_, name: string) => parts[name]?.() ?? args[Number(name) - 1]!,
  );
}

function filterOf({ filter }: Call, env: Environment, translate: Translate): string {
  return filter ? ` FILTER (WHERE ${coerce(translate(filter, env), boolean).sql})` : '';
}
