import type { MaintainInput, MaintainOutput } from '../../contracts/tasks.ts';
import { type Athena, type QueryEnd, QueryFailedError } from '../../platform/athena.ts';
import type { Key, Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { experimentRunsTable } from '../../use-cases/runs-table.ts';
import { icebergTables } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { partition } from '../registry/keys.ts';
import { giveBackWriterLease, takeWriterLease } from './writer-lease.ts';

export interface MaintainServices {
  readonly athena: Athena;
  readonly registry: Table;
  readonly clock: Clock;
}

/**
 * Compacts the small files of a use case's Iceberg tables, and of the table of all trials, and expires their old snapshots. The latter belongs to no writer:
 * who appends to it meanwhile, or compacts it for another use case, tries again where Iceberg refuses the commit.
 * A statement may take longer than the call: called again, it waits for the one that is under way rather than start another beside it.
 *
 * @throws {WriterBusyError} while a batch is written
 */
export async function maintain(
  { athena, registry, clock }: MaintainServices,
  useCase: UseCase,
  { executionId }: MaintainInput,
): Promise<MaintainOutput> {
  const lease = await takeWriterLease({ registry, clock }, useCase.id, executionId);
  const started = { key: { pk: partition(useCase.id, 'lease'), sk: 'maintenance' }, executionId };
  const run = (statement: string) => runUntilDone({ athena, registry }, started, statement);
  try {
    await awaitStarted({ athena, registry }, started);
    const tables: MaintainOutput['tables'][number][] = [];
    for (const { name: table } of [...icebergTables(useCase), experimentRunsTable()]) {
      const optimizeRuns = await run(`OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`);
      const vacuumRuns = await run(`VACUUM ${table}`);
      tables.push({ table, optimizeRuns, vacuumRuns });
    }
    return { tables };
  } finally {
    await giveBackWriterLease(registry, lease);
  }
}

type Services = Pick<MaintainServices, 'athena' | 'registry'>;

/** Where it is kept which statement is under way, and whose. */
interface Started {
  readonly key: Key;
  readonly executionId: string;
}

type StartedItem = Key & { readonly executionId: string; readonly queryId: string };

/** Waits until the statement that an earlier call of the execution has started ends, however it does. */
async function awaitStarted({ athena, registry }: Services, { key, executionId }: Started): Promise<void> {
  const last = await registry.get<StartedItem>(key);
  if (last?.executionId === executionId) await athena.end(last.queryId);
}

const maxRuns = 100;

/** Athena may end either statement with its work half done, and says so. */
async function runUntilDone(services: Services, started: Started, statement: string): Promise<number> {
  for (let runs = 1; ; runs++) {
    const ended = await run(services, started, statement);
    if (ended.state === 'SUCCEEDED') return runs;
    const isHalfDone = ended.reason?.includes('MORE_RUNS_NEEDED');
    if (!isHalfDone || runs === maxRuns) throw new QueryFailedError(ended, statement);
  }
}

async function run(
  { athena, registry }: Services,
  { key, executionId }: Started,
  statement: string,
): Promise<QueryEnd> {
  const queryId = await athena.start(statement);
  await registry.put({ ...key, ...{ executionId, queryId } });
  return athena.end(queryId);
}
