import { columnList, properties, tableName } from './definition-parts.ts';
import type { CreateTable } from './parsed-statement.ts';
import type { TokenReader } from './token-reader.ts';

/** Reads `CREATE [EXTERNAL] TABLE …`. Its clauses may stand in any order behind the columns, as Athena takes them. @throws {QueryError} `SYNTAX_ERROR` */
export function parseCreateTable(reader: TokenReader): CreateTable {
  reader.expect('create');
  const external = reader.accept('external');
  reader.expect('table');
  const ifNotExists = reader.accept('if', 'not', 'exists');
  const name = tableName(reader);
  const columns = columnList(reader);
  const clauses: { -readonly [K in keyof CreateTable]?: CreateTable[K] } = {};
  while (!reader.isAtEnd) readClause(reader, external, clauses);
  return { kind: 'createTable', external, ifNotExists, name, columns, partitionedBy: [], properties: {}, ...clauses };
}

function readClause(
  reader: TokenReader,
  external: boolean,
  clauses: { -readonly [K in keyof CreateTable]?: CreateTable[K] },
): void {
  if (reader.accept('partitioned', 'by')) clauses.partitionedBy = terms(reader);
  else if (reader.accept('location')) clauses.location = reader.text();
  else if (reader.accept('tblproperties')) clauses.properties = properties(reader);
  else if (external && reader.accept('stored', 'as')) clauses.storedAs = reader.name();
  else if (reader.accept('comment')) reader.text();
  else
    throw reader.error(
      `Expecting one of: 'PARTITIONED BY',${external ? " 'STORED AS'," : ''} 'LOCATION', 'TBLPROPERTIES'`,
    );
}

function terms(reader: TokenReader): string[] {
  reader.expect('(');
  const found: string[] = [];
  do found.push(reader.until(',', ')').replaceAll('`', '').toLowerCase());
  while (reader.accept(','));
  reader.expect(')');
  return found;
}
