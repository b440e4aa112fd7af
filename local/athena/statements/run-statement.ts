import type { Execution, Outcome } from './execution.ts';
import type { ParsedStatement } from './parsed-statement.ts';
import { runCreateTable } from './run-create-table.ts';
import {
  runAlter,
  runDescribe,
  runDropTable,
  runSetProperties,
  runShow,
  runShowCreateTable,
} from './run-definition.ts';
import { runInsert } from './run-insert.ts';
import { runOptimize, runVacuum } from './run-maintenance.ts';
import { runMerge } from './run-merge.ts';
import { runQuery } from './run-query.ts';
import { runUnload } from './run-unload.ts';
import { runDelete, runUpdate } from './run-update.ts';

/** Runs a statement to its end. @throws {QueryError} @throws {ServiceError} `AccessDeniedException` */
export function runStatement(statement: ParsedStatement, execution: Execution): Promise<Outcome> {
  switch (statement.kind) {
    case 'query':
      return runQuery(statement.tree, execution);
    case 'insert':
      return runInsert(statement.tree, execution);
    case 'update':
      return runUpdate(statement.tree, execution);
    case 'delete':
      return runDelete(statement.tree, execution);
    case 'merge':
      return runMerge(statement.tree, execution);
    case 'optimize':
      return runOptimize(statement.name, execution);
    case 'vacuum':
      return runVacuum(statement.name, execution);
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
    case 'setProperties':
      return runSetProperties(statement, execution);
  }
}
