import type { Athena } from '../../platform/athena.ts';
import { ObjectChangedError, ObjectNotFoundError, type Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { tableName } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { describeIngest } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import { type ArchiveState, readArchiveState } from '../predictions/archive-state.ts';
import { type Batch, isFinished, putBatch, type TableContents } from './batch.ts';
import { type Conflict, judgeStagedRows, listConflicts } from './deduplicate.ts';
import { insertBatch, sliceMonths } from './insert-batch.ts';
import { isReal } from './landing-keys.ts';
import { mergeLabels } from './merge-labels.ts';
import { moveFiles } from './move-files.ts';
import { refusalReason } from './plan-batch.ts';
import { quarantineRows } from './quarantine.ts';
import { readCurrentSnapshot } from './snapshot.ts';
import { clearStaging, type StagedRows, stageRows } from './stage-rows.ts';
import type { WriterLease } from './writer-lease.ts';

export interface CarryOutBatchOptions {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
  readonly useCase: UseCase;
  readonly lease: WriterLease;
  /** Describes the batch anew, after its files have changed. */
  readonly planAgain: () => Promise<Batch>;
}

/** Takes a batch from wherever it is to its end, step by step; each step can be repeated, and is recorded when done. */
export async function carryOutBatch(options: CarryOutBatchOptions, planned: Batch): Promise<Batch> {
  let batch = planned;
  while (!isFinished(batch)) batch = await putBatch(options.registry, options.lease, await takeStep(options, batch));
  return batch;
}

function takeStep(options: CarryOutBatchOptions, batch: Batch): Promise<Batch> {
  switch (batch.status) {
    case 'planned':
      return prepareUnlessChanged(options, batch);
    case 'staged':
      return insert(options, batch);
    case 'inserted':
      return label(options, batch);
    case 'labelled':
      return finish(options, batch, 'complete');
    default:
      return finish(options, batch, 'refused');
  }
}

/** A file that changed since the plan makes a new plan; nothing was inserted yet. */
async function prepareUnlessChanged(options: CarryOutBatchOptions, batch: Batch): Promise<Batch> {
  try {
    return await prepare(options, batch);
  } catch (error) {
    if (error instanceof ObjectChangedError || error instanceof ObjectNotFoundError) return options.planAgain();
    throw error;
  }
}

async function prepare({ athena, objects, useCase }: CarryOutBatchOptions, batch: Batch): Promise<Batch> {
  let current = batch;
  let staged: StagedRows | undefined;
  let conflicts: readonly Conflict[] = [];
  if (refusalReason(current, useCase) === null && current.counts.expected > 0) {
    staged = await stageRows(objects, useCase, current);
    current = await judge(athena, useCase, current);
    conflicts = await nameConflicts(athena, useCase, current);
  }
  await quarantineRows(objects, useCase, current, conflicts);
  const refusal = refusalReason(current, useCase);
  if (refusal !== null) return { ...current, status: 'declined', refusal };
  return {
    ...current,
    status: 'staged',
    slices: sliceMonths(staged?.months ?? []),
    table: contents(useCase, current, staged),
  };
}

/** A refused batch is kept whole, so that it is enough to show some of its conflicts. */
const shownConflicts = 10_000;

async function nameConflicts(athena: Athena, useCase: UseCase, batch: Batch): Promise<Conflict[]> {
  const { conflicts } = batch.counts;
  if (conflicts === 0) return [];
  const limit = refusalReason(batch, useCase) === null ? conflicts : shownConflicts;
  return listConflicts(athena, useCase, batch.number, limit);
}

async function judge(athena: Athena, useCase: UseCase, batch: Batch): Promise<Batch> {
  const { fresh, duplicate, relabelled, conflict } = await judgeStagedRows(athena, useCase, batch.number);
  const { rows, rejected } = batch.counts;
  const staged = fresh + duplicate + relabelled + conflict;
  if (staged !== rows - rejected) {
    throw new Error(`Batch ${batch.number} has ${staged} rows staged, expected ${rows - rejected}`);
  }
  const counts = { rows, rejected, conflicts: conflict, duplicates: duplicate, relabelled, expected: fresh };
  return { ...batch, counts };
}

/** What the table holds once the batch is in. */
function contents(
  useCase: UseCase,
  { number, counts, files, table }: Batch,
  staged: StagedRows | undefined,
): TableContents {
  if (counts.expected === 0 || !staged) return table;
  const newest = Math.max(
    staged.newestEvent,
    table.newestEvent === null ? staged.newestEvent : Date.parse(table.newestEvent),
  );
  const bringsRealRows = files.some(({ key, rows, rejected }) => rows > rejected && isReal(useCase.id, key));
  return {
    ...table,
    newestBatch: number,
    newestEvent: new Date(newest).toISOString(),
    holdsRealRows: table.holdsRealRows || bringsRealRows,
  };
}

async function insert({ athena, registry, useCase, lease }: CarryOutBatchOptions, batch: Batch): Promise<Batch> {
  const save = (changed: Batch) => putBatch(registry, lease, changed);
  const inserted = await insertBatch({ athena, useCase, batch, save });
  if (inserted.counts.expected === 0) return { ...inserted, status: 'inserted' };
  const snapshot = await readCurrentSnapshot(athena, tableName(useCase.id, 'observations'));
  return { ...inserted, status: 'inserted', table: { ...inserted.table, snapshotId: snapshot!.snapshotId } };
}

/** Merges the labels that are new, if any can be; then there is nothing more to record before the end. */
async function label(options: CarryOutBatchOptions, batch: Batch): Promise<Batch> {
  const { athena, registry, useCase, lease } = options;
  const archive = await readArchiveState(registry, useCase.id);
  const through = archive && mayBringLabels(archive, batch) ? archive.number : 0;
  if (through === 0 && batch.counts.relabelled === 0) return finish(options, batch, 'complete');
  const save = (changed: Batch) => putBatch(registry, lease, changed);
  const merged = await mergeLabels({ athena, useCase, batch, through, save });
  const table = {
    ...merged.table,
    outcomesThrough: Math.max(merged.table.outcomesThrough, merged.labels?.through ?? through),
  };
  if (!merged.labels) return finish(options, { ...merged, table }, 'complete');
  const snapshot = await readCurrentSnapshot(athena, tableName(useCase.id, 'observations'));
  const changed = { newestBatch: batch.number, snapshotId: snapshot!.snapshotId };
  return { ...merged, status: 'labelled', table: { ...table, ...changed } };
}

/** Outcomes that are new, or that waited for rows which this batch may have brought. */
function mayBringLabels({ newestOutcomes }: ArchiveState, { counts, table, labels }: Batch): boolean {
  return newestOutcomes > table.outcomesThrough || (newestOutcomes > 0 && counts.expected > 0) || labels !== null;
}

async function finish({ objects, useCase, clock }: CarryOutBatchOptions, batch: Batch, status: 'complete' | 'refused') {
  await moveFiles(objects, useCase.id, batch);
  await clearStaging(objects, useCase.id, batch.number);
  await recordAct(objects, describeIngest(useCase, batch, clock.now().toISOString()));
  return { ...batch, status };
}
