import { QueryError } from '../query-error.ts';
import { environmentOf, type QueryContext } from './environment.ts';
import { translateCondition, translateExpression } from './expressions.ts';
import { epochOfTimestamp } from './literals.ts';
import { expectOnly, list, open, positionOf } from './nodes.ts';
import { compare } from './operators.ts';
import type { Node } from './parser.ts';
import type { Field, Scope } from './scope.ts';
import { nameOf, type OutputColumn, renamed, type TableReference } from './statement.ts';
import { bigint, typeName } from './trino-type.ts';

/** A relation of FROM: DuckDB's SQL and the columns it puts in sight. */
export interface Relation {
  readonly sql: string;
  readonly fields: readonly Field[];
}

/** What the translation of one FROM clause knows around it. */
interface FromContext extends QueryContext {
  readonly equalities: Equalities;
}

/** Constants that conjuncts of WHERE compare columns with: `[table or alias or undefined, column, constant]`. */
type Equalities = readonly (readonly [table: string | undefined, column: string, constant: string])[];

/** Translates FROM with its joins. */
export function translateFrom(select: Node, context: QueryContext): Relation {
  const from = select.from as Node | null;
  if (!from) return { sql: '', fields: [] };
  expectOnly('FROM', from, ['expressions']);
  const within: FromContext = { ...context, equalities: equalitiesOf(select.where_clause as Node | null) };
  const [first, ...others] = list(from.expressions);
  const start = others.reduce<Relation>(
    (left, node) => crossJoin(left, translateRelation(node, within, left.fields)),
    translateRelation(first, within, []),
  );
  return list(select.joins).reduce((left, join) => translateJoin(left, join, within), start);
}

function translateRelation(node: unknown, context: FromContext, left: readonly Field[]): Relation {
  const [kind, fields] = open(node);
  switch (kind) {
    case 'table':
      return translateTable(fields, context);
    case 'subquery':
      return translateDerived(fields, context);
    case 'alias':
      expectOnly('relation', fields, ['this', 'alias', 'column_aliases']);
      return translateUnnest(fields, context, left);
    case 'unnest':
      return translateUnnest({ this: node }, context, left);
    case 'joined_table':
      return translateJoined(fields, context);
    default:
      throw new QueryError('NOT_SUPPORTED', `${kind.replaceAll('_', ' ')} in FROM`);
  }
}

function translateTable(fields: Node, context: FromContext): Relation {
  expectOnly('table', fields, ['name', 'schema', 'catalog', 'alias', 'column_aliases', 'version']);
  const name = nameOf(fields.name);
  const alias = fields.alias ? nameOf(fields.alias) : undefined;
  const aliases = list(fields.column_aliases);
  const common = fields.schema ? undefined : context.common.get(name);
  if (common) {
    if (fields.version) throw new QueryError('NOT_SUPPORTED', `a version of the WITH query '${name}'`);
    const duckAlias = context.statement.alias();
    return {
      sql: `${common.alias} AS ${duckAlias}`,
      fields: fieldsOf(renamed(common.columns, aliases), duckAlias, alias ?? name),
    };
  }
  const reference = tableReference(fields, context.statement.database);
  const position = positionOf(context.statement.sql, fields.name);
  const source = context.statement.relation(reference, constantsOf(context.equalities, alias ?? name), position);
  const duckAlias = context.statement.alias();
  const database = alias ? undefined : reference.database;
  return {
    sql: `${source.sql} AS ${duckAlias}`,
    fields: fieldsOf(renamed(source.columns, aliases), duckAlias, alias ?? name, database),
  };
}

/** Reads the table that a node names. @throws {QueryError} for another catalog or an unknown version clause */
export function tableReference(fields: Node, database: string): TableReference {
  if (fields.catalog && nameOf(fields.catalog) !== 'awsdatacatalog') {
    throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${nameOf(fields.catalog)}' does not exist`);
  }
  return {
    database: fields.schema ? nameOf(fields.schema) : database,
    name: nameOf(fields.name),
    version: fields.version ? readVersion(fields.version as Node) : undefined,
  };
}

function readVersion(fields: Node): TableReference['version'] {
  expectOnly('version', fields, ['this', 'kind', 'expression']);
  const word = (fields.this as { identifier?: { name?: string } } | null)?.identifier?.name;
  const [kind, literal] = open(fields.expression);
  if (fields.kind === 'AS OF' && kind === 'literal') {
    if (word === 'VERSION' && /^\d+$/.test(String(literal.value))) return { snapshotId: BigInt(String(literal.value)) };
    if (word === 'TIMESTAMP' && literal.literal_type === 'timestamp')
      return { asOfMs: epochOfTimestamp(String(literal.value)) };
  }
  throw new QueryError(
    'NOT_SUPPORTED',
    'FOR … AS OF takes VERSION with a number or TIMESTAMP with a timestamp constant in UTC',
  );
}

function fieldsOf(
  columns: readonly OutputColumn[],
  duckAlias: string,
  table: string | undefined,
  database?: string,
): Field[] {
  return columns.map(({ name, type }, index) => ({
    name: name?.toLowerCase(),
    table,
    database,
    sql: `${duckAlias}.c${index}`,
    type,
  }));
}

function translateDerived(fields: Node, context: FromContext): Relation {
  expectOnly('subquery', fields, ['this', 'alias', 'column_aliases']);
  const { sql, columns } = context.query(fields.this, context);
  const duckAlias = context.statement.alias();
  const table = fields.alias ? nameOf(fields.alias) : undefined;
  return {
    sql: `(${sql}) AS ${duckAlias}`,
    fields: fieldsOf(renamed(columns, list(fields.column_aliases)), duckAlias, table),
  };
}

function translateJoined(fields: Node, context: FromContext): Relation {
  expectOnly('joined table', fields, ['left', 'joins']);
  const start = translateRelation(fields.left, context, []);
  const joined = list(fields.joins).reduce((left, join) => translateJoin(left, join, context), start);
  return { sql: `(${joined.sql})`, fields: joined.fields };
}

function translateUnnest(fields: Node, context: FromContext, left: readonly Field[]): Relation {
  const [kind, unnest] = open(fields.this);
  if (kind !== 'unnest') throw new QueryError('NOT_SUPPORTED', `${kind} in FROM`);
  expectOnly('UNNEST', unnest, ['this', 'with_ordinality']);
  const array = translateExpression(unnest.this, environmentOf(context, { fields: left, parent: context.outer }));
  if (array.type.kind !== 'array') throw new QueryError('NOT_SUPPORTED', `UNNEST of ${typeName(array.type)}`);
  const ordinality = unnest.with_ordinality === true;
  const duckAlias = context.statement.alias();
  const columns: OutputColumn[] = [{ type: array.type.element }, ...(ordinality ? [{ type: bigint }] : [])];
  const numbers = ordinality ? `, unnest(range(1, len(${array.sql}) + 1)) AS c1` : '';
  return {
    sql: `LATERAL (SELECT unnest(${array.sql}) AS c0${numbers}) AS ${duckAlias}`,
    fields: fieldsOf(
      renamed(columns, list(fields.column_aliases)),
      duckAlias,
      fields.alias ? nameOf(fields.alias) : undefined,
    ),
  };
}

const joinWords: Readonly<Record<string, string>> = {
  Inner: 'JOIN',
  Left: 'LEFT JOIN',
  Right: 'RIGHT JOIN',
  Full: 'FULL JOIN',
};

function translateJoin(left: Relation, join: Node, context: FromContext): Relation {
  expectOnly('join', join, ['this', 'on', 'using', 'kind']);
  const kind = String(join.kind);
  const right = translateRelation(join.this, context, left.fields);
  if (kind === 'Cross') return crossJoin(left, right);
  const word = joinWords[kind];
  if (!word) throw new QueryError('NOT_SUPPORTED', `${kind} join`);
  const using = list(join.using);
  if (using.length) return joinUsing(left, right, word, using.map(nameOf));
  if (!join.on) throw new QueryError('SYNTAX_ERROR', `mismatched input: ${word} needs ON or USING`);
  requireTrueOfUnnest(join, kind);
  const fields = [...left.fields, ...right.fields];
  const on = translateCondition(join.on, environmentOf(context, { fields, parent: context.outer }), 'JOIN ON clause');
  return { sql: `${left.sql} ${word} ${right.sql} ON ${on}`, fields };
}

/** @throws {QueryError} as Trino does, where an UNNEST is joined by a condition */
function requireTrueOfUnnest({ this: right, on }: Node, kind: string): void {
  const [word, fields] = open(right);
  const isUnnest = (word === 'alias' ? open(fields.this)[0] : word) === 'unnest';
  const [condition, { value }] = open(on);
  if (!isUnnest || (condition === 'boolean' && value === true)) return;
  throw new QueryError(
    'NOT_SUPPORTED',
    `${kind.toUpperCase()} JOIN involving UNNEST is only supported with condition ON TRUE`,
  );
}

function crossJoin(left: Relation, right: Relation): Relation {
  return { sql: `${left.sql} CROSS JOIN ${right.sql}`, fields: [...left.fields, ...right.fields] };
}

/** The columns of USING come first, once, and no table's name stands before them. */
function joinUsing(left: Relation, right: Relation, word: string, names: readonly string[]): Relation {
  const pairs = names.map(name => ({ name, left: only(left.fields, name), right: only(right.fields, name) }));
  const on = pairs.map(pair => compare('eq', pair.left, pair.right).sql).join(' AND ');
  const sides: Readonly<Record<string, (pair: { left: Field; right: Field }) => string>> = {
    'RIGHT JOIN': pair => pair.right.sql,
    'FULL JOIN': pair => `coalesce(${pair.left.sql}, ${pair.right.sql})`,
  };
  const shared = pairs.map(pair => ({
    name: pair.name,
    sql: sides[word]?.(pair) ?? pair.left.sql,
    type: pair.left.type,
  }));
  const rest = [...left.fields, ...right.fields].filter(
    field => !pairs.some(pair => pair.left === field || pair.right === field),
  );
  return { sql: `${left.sql} ${word} ${right.sql} ON ${on}`, fields: [...shared, ...rest] };
}

function only(fields: Scope['fields'], name: string): Field {
  const found = fields.filter(field => field.name === name);
  if (found.length !== 1)
    throw new QueryError('COLUMN_NOT_FOUND', `Column '${name}' is missing or ambiguous on one side of the join`);
  return found[0]!;
}

function equalitiesOf(where: Node | null): Equalities {
  return where ? conjuncts(where.this).flatMap(equality) : [];
}

function conjuncts(node: unknown): readonly unknown[] {
  const [kind, fields] = open(node);
  if (kind === 'paren') return conjuncts(fields.this);
  return kind === 'and' ? [...conjuncts(fields.left), ...conjuncts(fields.right)] : [node];
}

function equality(node: unknown): Equalities {
  const [kind, fields] = open(node);
  if (kind !== 'eq') return [];
  const [left, right] = [open(fields.left), open(fields.right)];
  const column = [left, right].find(([side]) => side === 'column')?.[1];
  const constant = [left, right].find(([side]) => side === 'literal')?.[1];
  if (!column || !constant) return [];
  return [[column.table ? nameOf(column.table) : undefined, nameOf(column.name), String(constant.value)]];
}

function constantsOf(equalities: Equalities, table: string): ReadonlyMap<string, string> {
  const ours = equalities.filter(([qualifier]) => qualifier === undefined || qualifier === table);
  return new Map(ours.map(([, column, constant]) => [column, constant]));
}
