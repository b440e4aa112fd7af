import { QueryError } from '../query-error.ts';
import { expectOnly, list, open } from './nodes.ts';
import type { Node } from './parser.ts';

/** A function call, whichever of its many node kinds the parser chose for it. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly distinct: boolean;
  readonly filter?: unknown;
  readonly orderBy: readonly Node[];
  readonly ignoreNulls: boolean;
  /** Fields of the OVER clause. */
  readonly over?: Node;
}

/** Node kinds that are functions with fields of their own: the function's name and, in order, the fields of its arguments. */
const kinds: Readonly<Record<string, readonly [name: string, ...fields: string[]]>> = {
  abs: ['abs', 'this'],
  any_value: ['any_value', 'this'],
  approx_distinct: ['approx_distinct', 'this'],
  array_agg: ['array_agg', 'this'],
  array_distinct: ['array_distinct', 'this'],
  array_position: ['array_position', 'this', 'expression'],
  atan2: ['atan2', 'this', 'expression'],
  avg: ['avg', 'this'],
  cardinality: ['cardinality', 'this'],
  ceil: ['ceil', 'this'],
  coalesce: ['coalesce', '...expressions'],
  contains: ['contains', 'this', 'expression'],
  cos: ['cos', 'this'],
  count_if: ['count_if', 'this'],
  cume_dist: ['cume_dist'],
  day: ['day', 'this'],
  day_of_month: ['day_of_month', 'this'],
  day_of_week: ['day_of_week', 'this'],
  day_of_year: ['day_of_year', 'this'],
  degrees: ['degrees', 'this'],
  dense_rank: ['dense_rank'],
  element_at: ['element_at', 'this', 'expression'],
  exp: ['exp', 'this'],
  first_value: ['first_value', 'this'],
  floor: ['floor', 'this'],
  hour: ['hour', 'this'],
  json_extract_scalar: ['json_extract_scalar', 'this', 'path'],
  lag: ['lag', 'this', 'offset', 'default'],
  last_value: ['last_value', 'this'],
  lead: ['lead', 'this', 'offset', 'default'],
  length: ['length', 'this'],
  list_agg: ['listagg', 'this', 'separator'],
  ln: ['ln', 'this'],
  log: ['log', 'base', 'this'],
  logical_and: ['bool_and', 'this'],
  logical_or: ['bool_or', 'this'],
  lower: ['lower', 'this'],
  map_keys: ['map_keys', 'this'],
  map_values: ['map_values', 'this'],
  max: ['max', 'this'],
  min: ['min', 'this'],
  minute: ['minute', 'this'],
  mod_func: ['mod', 'this', 'expression'],
  month: ['month', 'this'],
  n_tile: ['ntile', 'num_buckets'],
  nth_value: ['nth_value', 'this', 'offset'],
  percent_rank: ['percent_rank'],
  pi: ['pi'],
  power: ['power', 'this', 'expression'],
  quarter: ['quarter', 'this'],
  radians: ['radians', 'this'],
  rand: ['rand', 'lower', 'upper'],
  random: ['rand'],
  rank: ['rank'],
  row_number: ['row_number'],
  second: ['second', 'this'],
  sin: ['sin', 'this'],
  sqrt: ['sqrt', 'this'],
  starts_with: ['starts_with', 'this', 'expression'],
  stddev: ['stddev', 'this'],
  stddev_pop: ['stddev_pop', 'this'],
  stddev_samp: ['stddev_samp', 'this'],
  str_position: ['strpos', 'this', 'substr'],
  substring: ['substring', 'this', 'start', 'length'],
  sum: ['sum', 'this'],
  tan: ['tan', 'this'],
  typeof: ['typeof', 'this'],
  upper: ['upper', 'this'],
  var_pop: ['var_pop', 'this'],
  var_samp: ['var_samp', 'this'],
  variance: ['variance', 'this'],
  week: ['week', 'this'],
  week_of_year: ['week_of_year', 'this'],
  year: ['year', 'this'],
};

const modifiers = ['distinct', 'filter', 'order_by', 'ignore_nulls', 'name', 'original_name'];

/** Reads a node as a function call; `undefined` when it is something else. @throws {QueryError} `NOT_SUPPORTED` for modifiers that Trino lacks */
export function readCall(node: unknown): Call | undefined {
  const [kind, fields] = open(node);
  if (kind === 'window_function') return readWindow(fields);
  if (kind === 'within_group') return readWithinGroup(fields);
  const read = readPlain(kind, fields);
  if (!read) return undefined;
  expectOnly(`function ${read.name}`, fields, [...modifiers, ...read.fields]);
  return {
    name: read.name,
    args: read.args.filter(arg => arg !== null && arg !== undefined),
    distinct: fields.distinct === true,
    filter: fields.filter ?? undefined,
    orderBy: list(fields.order_by),
    ignoreNulls: fields.ignore_nulls === true,
  };
}

function readPlain(
  kind: string,
  fields: Node,
): { name: string; args: readonly unknown[]; fields: string[] } | undefined {
  if (kind === 'function' || kind === 'aggregate_function') {
    return {
      name: String(fields.name).toLowerCase(),
      args: list(fields.args),
      fields: ['args', 'no_parens', 'quoted'],
    };
  }
  if (kind === 'count') {
    // `count()` is `count(*)` in Trino too.
    return { name: 'count', args: [fields.this], fields: ['this', 'star'] };
  }
  if (kind === 'trim') return readTrim(fields);
  const known = kinds[kind];
  if (!known) return undefined;
  const [name, ...names] = known;
  if (names[0]?.startsWith('...')) {
    const field = names[0].slice(3);
    return { name, args: list(fields[field]), fields: [field] };
  }
  return { name, args: names.map(field => fields[field]), fields: names };
}

function readTrim(fields: Node) {
  const names = { Both: 'trim', Leading: 'ltrim', Trailing: 'rtrim' };
  const name = names[fields.position as keyof typeof names];
  return { name, args: [fields.this, fields.characters], fields: ['this', 'characters', 'position'] };
}

function readWindow(fields: Node): Call {
  expectOnly('window function', fields, ['this', 'over']);
  const call = readCall(fields.this);
  if (!call) throw new QueryError('NOT_SUPPORTED', `OVER behind ${open(fields.this)[0]}`);
  return { ...call, over: fields.over as Node };
}

function readWithinGroup(fields: Node): Call {
  expectOnly('within group', fields, ['this', 'order_by']);
  const call = readCall(fields.this);
  if (call?.name !== 'listagg') throw new QueryError('NOT_SUPPORTED', 'WITHIN GROUP of another function than listagg');
  return { ...call, orderBy: list(fields.order_by) };
}
