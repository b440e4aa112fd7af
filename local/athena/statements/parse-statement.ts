import { QueryError } from '../query-error.ts';
import type { Parser } from '../sql/parser.ts';
import { column, columnList, properties, tableName } from './definition-parts.ts';
import { parseCreateTable } from './parse-create-table.ts';
import type { ParsedStatement } from './parsed-statement.ts';
import { TokenReader } from './token-reader.ts';

/** Tells what a statement is and reads it. @throws {QueryError} `SYNTAX_ERROR`, `NOT_SUPPORTED` */
export function parseStatement(sql: string, parser: Parser): ParsedStatement {
  const [first = '', second = ''] = firstWords(sql);
  switch (first) {
    case '':
      throw new QueryError('SYNTAX_ERROR', `mismatched input '<EOF>'`, { line: 1, column: 1 });
    case 'select':
    case 'with':
    case 'values':
    case '(':
      return { kind: 'query', tree: parser.parse(sql) };
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return { kind: first, tree: parser.parse(sql) };
    case 'unload':
      return parseUnload(sql, parser);
    case 'create':
      return parseCreateTable(readerOf(sql, parser));
    case 'optimize':
    case 'vacuum':
      return parseMaintenance(first, readerOf(sql, parser));
    case 'alter':
    case 'drop':
    case 'show':
    case 'describe':
    case 'desc':
      return parseSmall(first, readerOf(sql, parser));
    default:
      throw new QueryError('NOT_SUPPORTED', `statement ${first.toUpperCase()} ${second.toUpperCase()}`.trim());
  }
}

/** The statement without a semicolon at its end, which Athena allows. */
export function withoutSemicolon(sql: string): string {
  return sql.replace(/;\s*$/, '');
}

function firstWords(sql: string): string[] {
  const bare = sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*.*?\*\/)+/s, '');
  return (bare.match(/^\(|\w+/g) ?? []).slice(0, 2).map(word => word.toLowerCase());
}

function readerOf(sql: string, parser: Parser): TokenReader {
  return new TokenReader(sql, parser.tokenize(sql, 'ddl'));
}

function parseUnload(sql: string, parser: Parser): ParsedStatement {
  const reader = new TokenReader(sql, parser.tokenize(sql, 'query'));
  reader.expect('unload', '(');
  const query = reader.until(')');
  reader.expect(')', 'to');
  const location = reader.text();
  const options: Record<string, string> = {};
  if (reader.accept('with')) {
    reader.expect('(');
    do {
      const name = reader.name();
      reader.expect('=');
      options[name] = reader.text();
    } while (reader.accept(','));
    reader.expect(')');
  }
  reader.end();
  return { kind: 'unload', tree: parser.parse(query), location, options };
}

function parseMaintenance(kind: 'optimize' | 'vacuum', reader: TokenReader): ParsedStatement {
  reader.expect(kind);
  const name = tableName(reader);
  if (kind === 'optimize') reader.expect('rewrite', 'data', 'using', 'bin_pack');
  if (reader.accept('where')) throw new QueryError('NOT_SUPPORTED', 'OPTIMIZE … WHERE');
  reader.end();
  return { kind, name };
}

function parseSmall(first: 'alter' | 'drop' | 'show' | 'describe' | 'desc', reader: TokenReader): ParsedStatement {
  const statement = first === 'alter' ? parseAlter(reader) : first === 'drop' ? parseDrop(reader) : parseShow(reader);
  reader.end();
  return statement;
}

function parseDrop(reader: TokenReader): ParsedStatement {
  reader.expect('drop', 'table');
  const ifExists = reader.accept('if', 'exists');
  return { kind: 'dropTable', name: tableName(reader), ifExists };
}

function parseAlter(reader: TokenReader): ParsedStatement {
  reader.expect('alter', 'table');
  const name = tableName(reader);
  if (reader.accept('add', 'columns')) return { kind: 'addColumns', name, columns: columnList(reader) };
  if (reader.accept('drop', 'column')) return { kind: 'dropColumn', name, column: reader.name() };
  if (reader.accept('change', 'column') || reader.accept('change')) {
    return { kind: 'changeColumn', name, column: reader.name(), change: column(reader) };
  }
  if (reader.accept('set', 'tblproperties')) return { kind: 'setProperties', name, properties: properties(reader) };
  throw reader.error(`Expecting one of: 'ADD COLUMNS', 'CHANGE COLUMN', 'DROP COLUMN', 'SET TBLPROPERTIES'`);
}

function parseShow(reader: TokenReader): ParsedStatement {
  if (reader.accept('describe') || reader.accept('desc')) return { kind: 'describe', name: tableName(reader) };
  reader.expect('show');
  if (reader.accept('databases') || reader.accept('schemas')) return { kind: 'showDatabases' };
  if (reader.accept('create', 'table')) return { kind: 'showCreateTable', name: tableName(reader) };
  if (reader.accept('columns')) {
    if (!reader.accept('in')) reader.expect('from');
    return { kind: 'describe', name: tableName(reader) };
  }
  reader.expect('tables');
  const database = reader.accept('in') || reader.accept('from') ? reader.name() : undefined;
  return { kind: 'showTables', database, pattern: reader.isAtEnd ? undefined : reader.text() };
}
