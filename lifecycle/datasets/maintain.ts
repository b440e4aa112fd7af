import type { MaintainInput, MaintainOutput } from '../../contracts/tasks.ts';
import { type Athena, QueryFailedError } from '../../platform/athena.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { experimentRunsTable } from '../../use-cases/runs-table.ts';
import { icebergTables } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { giveBackWriterLease, takeWriterLease } from './writer-lease.ts';

export interface MaintainServices {
  readonly athena: Athena;
  readonly registry: Table;
  readonly clock: Clock;
}

/**
 * Compacts the small files of a use case's Iceberg tables, and of the table of all trials, and expires their old snapshots. The latter belongs to no writer:
 * who appends to it meanwhile, or compacts it for another use case, tries again where Iceberg refuses the commit.
 *
 * @throws {WriterBusyError} while a batch is written
 */
export async function maintain(
  { athena, registry, clock }: MaintainServices,
  useCase: UseCase,
  { executionId }: MaintainInput,
): Promise<MaintainOutput> {
  const lease = await takeWriterLease({ registry, clock }, useCase.id, executionId);
  try {
    const tables: MaintainOutput['tables'][number][] = [];
    for (const { name: table } of [...icebergTables(useCase), experimentRunsTable()]) {
      const optimizeRuns = await runUntilDone(athena, `OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`);
      const vacuumRuns = await runUntilDone(athena, `VACUUM ${table}`);
      tables.push({ table, optimizeRuns, vacuumRuns });
    }
    return { tables };
  } finally {
    await giveBackWriterLease(registry, lease);
  }
}

const maxRuns = 100;

/** Athena may end either statement with its work half done, and says so. */
async function runUntilDone(athena: Athena, statement: string): Promise<number> {
  for (let runs = 1; ; runs++) {
    try {
      await athena.execute(statement);
      return runs;
    } catch (error) {
      const isHalfDone = error instanceof QueryFailedError && error.reason.includes('MORE_RUNS_NEEDED');
      if (!isHalfDone || runs === maxRuns) throw error;
    }
  }
}
