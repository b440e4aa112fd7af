import { QueryError } from '../query-error.ts';
import type { Execution, Outcome } from './execution.ts';
import type { ParsedStatement } from './parsed-statement.ts';
import { runCreateTable } from './run-create-table.ts';
import { runAlter, runDescribe, runDropTable, runShow, runShowCreateTable } from './run-definition.ts';
import { runInsert } from './run-insert.ts';
import { runQuery } from './run-query.ts';
import { runUnload } from './run-unload.ts';

/** Runs a statement to its end. @throws {QueryError} @throws {ServiceError} `AccessDeniedException` */
export function runStatement(statement: ParsedStatement, execution: Execution): Promise<Outcome> {
  switch (statement.kind) {
    case 'query':
      return runQuery(statement.tree, execution);
    case 'insert':
      return runInsert(statement.tree, execution);
    case 'unload':
      return runUnload(statement, execution);
    case 'createTable':
      return runCreateTable(statement, execution);
    case 'dropTable':
      return runDropTable(statement, execution);
    case 'addColumns':
    case 'changeColumn':
    case 'dropColumn':
      return runAlter(statement, execution);
    case 'showTables':
    case 'showDatabases':
      return runShow(statement, execution);
    case 'describe':
      return runDescribe(statement, execution);
    case 'showCreateTable':
      return runShowCreateTable(statement, execution);
    default:
      throw new QueryError('NOT_SUPPORTED', `statement ${statement.kind}`);
  }
}
