import type { IngestInput, IngestOutput } from '../../contracts/tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { Workflows } from '../../platform/workflows.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { readArchiveState } from '../predictions/archive-state.ts';
import { giveBackLifecycle, takeLifecycle } from '../registry/lifecycle-lease.ts';
import {
  type Batch,
  emptyTable,
  isFinished,
  putBatch,
  readLatestBatch,
  readLatestCompleteBatch,
  type TableContents,
} from './batch.ts';
import { carryOutBatch } from './carry-out-batch.ts';
import { checkRequest } from './check-request.ts';
import { BatchRefusedError, SyntheticRowsRefusedError } from './errors.ts';
import { findEvidence } from './evidence.ts';
import { isReal, landingPrefix } from './landing-keys.ts';
import { planBatch, selectFiles } from './plan-batch.ts';
import { quarantinePrefix } from './quarantine.ts';
import { synthesizeBatch } from './synthesize-batch.ts';
import { giveBackWriterLease, takeWriterLease, type WriterLease } from './writer-lease.ts';

export interface IngestServices {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly workflows: Workflows;
  readonly clock: Clock;
  /** Whether synthetic rows may be made here. */
  readonly demo: boolean;
}

/**
 * Brings the waiting files of a use case into its observations table, each row exactly once, and says whether there is evidence for the lifecycle to go on with.
 * An execution writes one batch at most; called again it goes on with that batch, or answers for it as before.
 *
 * @throws {InvalidLifecycleRequestError}
 * @throws {LifecycleBusyError} while another execution is alive
 * @throws {WriterBusyError} while maintenance writes the table
 * @throws {BatchRefusedError} when too many rows are rejected
 * @throws {SyntheticRowsRefusedError} when synthetic rows are asked for where they may not be
 */
export async function ingest(services: IngestServices, useCase: UseCase, input: IngestInput): Promise<IngestOutput> {
  const { registry, athena } = services;
  const { executionId, startedAt, request } = input;
  checkRequest(request, useCase);
  await takeLifecycle(services, useCase.id, executionId);
  const batch = await ingestWaiting(services, useCase, input);
  if (batch?.status === 'refused') throw new BatchRefusedError(refusal(useCase.id, batch));
  const complete = batch ?? (await readLatestCompleteBatch(registry, useCase.id));
  const table = complete?.table ?? emptyTable;
  const { proceed, reason } = await findEvidence({
    athena,
    registry,
    useCase,
    table,
    executionId,
    startedAt,
    force: request.force === true,
  });
  if (!proceed) await giveBackLifecycle(registry, useCase.id, executionId);
  return {
    proceed,
    reason: [reason, ...(batch ? fileProblems(batch) : [])].join('; '),
    ingestSeq: complete?.number ?? 0,
    snapshotId: table.snapshotId,
    files: batch?.files.length ?? 0,
    rows: batch?.counts.rows ?? 0,
    inserted: batch?.counts.expected ?? 0,
    duplicates: batch?.counts.duplicates ?? 0,
    labelled: batch?.labels?.rows ?? 0,
    rejected: batch ? batch.counts.rejected + batch.counts.conflicts : 0,
    quarantine: batch && hasBad(batch) ? quarantinePrefix(useCase.id, batch.number) : null,
  };
}

function refusal(useCase: string, batch: Batch): string {
  const { number, refusal } = batch;
  const where = `see ${quarantinePrefix(useCase, number)}`;
  return [`Batch ${number} of "${useCase}" was refused: ${refusal}, ${where}`, ...fileProblems(batch)].join('\n');
}

/** A message names no more files than these: it has to fit into a state. */
const shownProblems = 10;

/** What is wrong with the files that were refused whole. */
function fileProblems({ files }: Batch): string[] {
  const problems = files.filter(({ problem }) => problem).map(({ key, problem }) => `${key} ${problem}`);
  const rest = problems.length - shownProblems;
  return rest > 0 ? [...problems.slice(0, shownProblems), `and ${rest} more files`] : problems;
}

function hasBad({ files, counts }: Batch): boolean {
  return counts.rejected + counts.conflicts > 0 || files.some(({ problem }) => problem);
}

/** Ends a batch that an earlier execution left, then plans and ends this execution's own. Undefined when nothing waits. */
async function ingestWaiting(
  services: IngestServices,
  useCase: UseCase,
  input: IngestInput,
): Promise<Batch | undefined> {
  const { registry } = services;
  const latest = await readLatestBatch(registry, useCase.id);
  const left = latest && !isFinished(latest) ? latest : undefined;
  if (!left && latest?.executionId === input.executionId) {
    // Its earlier self may have died with the lease in hand.
    await giveBackWriterLease(registry, { useCase: useCase.id, holder: input.executionId });
    return latest;
  }
  if (!left && !input.request.newBatch && !(await isAnythingWaiting(services, useCase, latest?.table)))
    return undefined;
  const lease = await takeWriterLease(services, useCase.id, input.executionId);
  try {
    const step = { services, useCase, input, lease };
    const finished = left ? await carryOut(step, left) : latest;
    if (finished?.executionId === input.executionId) return finished;
    return await ingestNext(step, finished);
  } finally {
    await giveBackWriterLease(registry, lease);
  }
}

interface IngestStep {
  readonly services: IngestServices;
  readonly useCase: UseCase;
  readonly input: IngestInput;
  readonly lease: WriterLease;
}

function carryOut({ services, useCase, input, lease }: IngestStep, batch: Batch): Promise<Batch> {
  const { objects, demo } = services;
  const planAgain = () => planBatch({ ...plan(input, batch.number), objects, useCase, demo, table: batch.table });
  return carryOutBatch({ ...services, useCase, lease, planAgain }, batch);
}

async function ingestNext(step: IngestStep, previous: Batch | undefined): Promise<Batch | undefined> {
  const { services, useCase, input, lease } = step;
  const { objects, registry, demo } = services;
  const number = (previous?.number ?? 0) + 1;
  const table = previous?.table ?? emptyTable;
  if (input.request.newBatch) await synthesize(step, number, table);
  const batch = await planBatch({ ...plan(input, number), objects, useCase, demo, table });
  if (batch.files.length === 0 && !(await areOutcomesWaiting(registry, useCase.id, table))) return undefined;
  return carryOut(step, await putBatch(registry, lease, batch));
}

/** The execution's start stands for the time of planning, so that a row spread over the year before is mature for it. */
function plan({ executionId, startedAt }: IngestInput, number: number) {
  return { number, executionId, plannedAt: startedAt };
}

async function synthesize(
  { services, useCase, input }: IngestStep,
  number: number,
  table: TableContents,
): Promise<void> {
  const { objects, demo } = services;
  const { newBatch, trigger } = input.request;
  const rows = typeof newBatch === 'number' ? newBatch : undefined;
  const real = (await objects.list(landingPrefix(useCase.id))).filter(({ key }) => isReal(useCase.id, key));
  if (!demo || table.holdsRealRows || real.length > 0) {
    // A demo's schedule asks each time, and does not know what has come since it was made: it would fail for ever.
    if (demo && trigger === 'schedule') return;
    throw new SyntheticRowsRefusedError(syntheticRefusal(useCase.id, { demo, table }));
  }
  await synthesizeBatch({ objects, useCase, number, rows, asOf: input.startedAt, newestEvent: table.newestEvent });
}

function syntheticRefusal(useCase: string, { demo, table }: { demo: boolean; table: TableContents }): string {
  const reason = !demo
    ? 'this deployment is no demo, as -c demo=true makes one, or npm start without --data'
    : `${table.holdsRealRows ? 'its table holds' : 'files are waiting that hold'} real rows`;
  return `Cannot make synthetic rows for "${useCase}": ${reason}`;
}

async function isAnythingWaiting(
  { objects, registry, demo }: IngestServices,
  useCase: UseCase,
  table: TableContents = emptyTable,
): Promise<boolean> {
  const waiting = await objects.list(landingPrefix(useCase.id));
  const files = selectFiles(waiting, { useCase: useCase.id, demo, holdsRealRows: table.holdsRealRows });
  return files.length > 0 || areOutcomesWaiting(registry, useCase.id, table);
}

/** Whether outcomes have been archived that have not reached the table's rows, which there must be. */
async function areOutcomesWaiting(registry: Table, useCase: string, table: TableContents): Promise<boolean> {
  if (table.newestBatch === 0) return false;
  const archive = await readArchiveState(registry, useCase);
  return archive !== undefined && archive.newestOutcomes > table.outcomesThrough;
}
