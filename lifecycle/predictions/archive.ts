import type { ArchiveInput, ArchiveOutput } from '../../contracts/archive-tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Key, Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import {
  outcomesStagingTable,
  outcomesTable,
  predictionsStagingTable,
  predictionsTable,
} from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { insertExactlyOnce } from '../datasets/insert-exactly-once.ts';
import { sqlName } from '../datasets/sql-literal.ts';
import { giveBackWriterLease, takeWriterLease, type WriterLease } from '../datasets/writer-lease.ts';
import { readFirstDay } from '../outcomes/outcome-log.ts';
import { takeOutcomeFiles } from '../outcomes/take-outcome-files.ts';
import { partition } from '../registry/keys.ts';
import { type ArchiveRun, type ArchiveState, putArchiveState, readArchiveState } from './archive-state.ts';
import { landMaturePredictions, maturesNow } from './land-mature-predictions.ts';
import { daysKept } from './prediction-log.ts';
import { clearStagedLog, stageLog } from './stage-log.ts';

export interface ArchiveServices {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  /** The log of predictions and outcomes. */
  readonly predictions: Table;
  readonly clock: Clock;
}

/**
 * Logs the outcomes that landed as files, and brings the hours of the log that are over into the Iceberg tables of predictions and outcomes, each row exactly once and one commit a table, and lands the
 * predictions that have become mature. Goes on with what an earlier run left. Queries nothing when nothing is new.
 *
 * @throws {WriterBusyError} while a batch or maintenance writes the tables
 */
export async function archive(
  services: ArchiveServices,
  useCase: UseCase,
  { executionId, startedAt }: ArchiveInput,
): Promise<ArchiveOutput> {
  const { registry } = services;
  const files = await takeOutcomeFiles(services, useCase);
  const to = completeHoursBefore(startedAt);
  const present = await readState(services, useCase.id, startedAt);
  if (!present || !isDue(present, useCase, { to, startedAt })) {
    return { files, predictions: 0, outcomes: 0, landed: 0, through: present?.through ?? null };
  }
  const lease = await takeWriterLease(services, useCase.id, executionId);
  try {
    return { files, ...(await archiveAll({ services, useCase, lease, executionId, startedAt }, to)) };
  } finally {
    await giveBackWriterLease(registry, lease);
  }
}

/** How long after an hour's end its last items may be written. */
const settleMs = 15 * 60_000;
const hourMs = 3_600_000;

/** ISO instant before which all hours are over, and settled, as of another. */
function completeHoursBefore(asOf: string): string {
  return new Date(Math.floor((Date.parse(asOf) - settleMs) / hourMs) * hourMs).toISOString();
}

/** The log is looked at from a day before the use case had anything, so that no clock has to be exact. */
const graceMs = 24 * hourMs;
/** The log holds no more: items expire up to two days late. */
const logMs = (daysKept + 2) * 24 * hourMs;

type FirstItem = Key & { readonly plannedAt?: string; readonly createdAt?: string };

/** Undefined while there is neither a batch nor a model: then there is nothing that an item of the log could be about. */
async function readState(
  { registry, predictions }: ArchiveServices,
  useCase: string,
  asOf: string,
): Promise<ArchiveState | undefined> {
  const present = await readArchiveState(registry, useCase);
  if (present) return present;
  const first = (noun: 'batch' | 'version') => registry.query<FirstItem>(partition(useCase, noun), { limit: 1 });
  const items = (await Promise.all([first('batch'), first('version')])).flat();
  const begun = items.map(({ plannedAt, createdAt }) => Date.parse((plannedAt ?? createdAt)!));
  if (begun.length === 0) return undefined;
  // Outcomes may have come long before.
  const told = Date.parse((await readFirstDay(predictions, useCase)) ?? asOf);
  const from = Math.max(Math.min(Math.min(...begun) - graceMs, told), Date.parse(asOf) - logMs);
  const through = new Date(Math.floor(from / hourMs) * hourMs).toISOString();
  return {
    ...{ number: 0, through, run: null, newestOutcomes: 0, landedOutcomes: 0 },
    ...{ landedThrough: new Date(0).toISOString(), pendingDays: [] },
  };
}

function isDue(state: ArchiveState, useCase: UseCase, { to, startedAt }: { to: string; startedAt: string }): boolean {
  return state.run !== null || state.through < to || maturesNow(state, useCase, startedAt);
}

interface ArchiveStep {
  readonly services: ArchiveServices;
  readonly useCase: UseCase;
  readonly lease: WriterLease;
  readonly executionId: string;
  readonly startedAt: string;
}

async function archiveAll(step: ArchiveStep, to: string): Promise<Omit<ArchiveOutput, 'files'>> {
  const { services, useCase, startedAt } = step;
  let state = (await readState(services, useCase.id, startedAt))!;
  let [predictions, outcomes] = [0, 0];
  while (state.run || state.through < to) {
    const staged = state.run ? state : await stage(step, state, to);
    predictions += staged.run?.predictions.rows ?? 0;
    outcomes += staged.run?.outcomes.rows ?? 0;
    state = staged.run ? await complete(step, staged, staged.run) : staged;
  }
  const landed = await land(step, state);
  return { predictions, outcomes, landed, through: state.through };
}

/** Stages the hours before `to`. Where they are empty, they are archived by that. */
async function stage(step: ArchiveStep, state: ArchiveState, to: string): Promise<ArchiveState> {
  const { services, useCase, lease, executionId, startedAt } = step;
  const from = Math.max(Date.parse(state.through), Date.parse(startedAt) - logMs);
  const range = { from: new Date(from), to: new Date(to) };
  const { predictions, outcomes, days } = await stageLog({ ...services, useCase, number: state.number + 1, range });
  const run = {
    ...{ executionId, to, days },
    predictions: { rows: predictions, attempt: 0, queryIds: [] },
    outcomes: { rows: outcomes, attempt: 0, queryIds: [] },
  };
  const isEmpty = predictions + outcomes === 0;
  return putArchiveState(services.registry, lease, isEmpty ? { ...state, through: to } : { ...state, run });
}

async function complete(step: ArchiveStep, staged: ArchiveState, run: ArchiveRun): Promise<ArchiveState> {
  const { services, useCase, lease } = step;
  const inserted = await insert(step, await insert(step, staged, run, 'predictions'), run, 'outcomes');
  await clearStagedLog(services.objects, useCase, staged.number + 1);
  return putArchiveState(services.registry, lease, {
    ...inserted,
    number: staged.number + 1,
    through: run.to,
    run: null,
    newestOutcomes: run.outcomes.rows > 0 ? staged.number + 1 : staged.newestOutcomes,
    pendingDays: [...new Set([...staged.pendingDays, ...run.days])].sort(),
  });
}

const tables = {
  predictions: { to: predictionsTable, from: predictionsStagingTable },
  outcomes: { to: outcomesTable, from: outcomesStagingTable },
} as const;

async function insert(
  { services, useCase, lease }: ArchiveStep,
  state: ArchiveState,
  run: ArchiveRun,
  noun: keyof typeof tables,
): Promise<ArchiveState> {
  const number = state.number + 1;
  const { name } = tables[noun].to(useCase);
  let current = state;
  await insertExactlyOnce({
    athena: services.athena,
    table: name,
    where: `archive_seq = ${number}`,
    rows: `Archive ${number} of ${noun}`,
    expected: run[noun].rows,
    statements: [insertSql(useCase, noun, number)],
    token: ['archive', noun, number],
    progress: current.run![noun],
    async save(progress) {
      current = { ...current, run: { ...current.run!, [noun]: progress } };
      await putArchiveState(services.registry, lease, current);
      return progress;
    },
  });
  return current;
}

function insertSql(useCase: UseCase, noun: keyof typeof tables, number: number): string {
  const staging = tables[noun].from(useCase);
  const columns = staging.columns.map(({ name }) => sqlName(name)).join(', ');
  return `INSERT INTO ${sqlName(tables[noun].to(useCase).name)} (${columns}, archive_seq)
SELECT ${columns}, CAST(${number} AS bigint) FROM ${sqlName(staging.name)} WHERE archive = ${number}`;
}

async function land({ services, useCase, lease, startedAt }: ArchiveStep, state: ArchiveState): Promise<number> {
  if (!maturesNow(state, useCase, startedAt)) return 0;
  const { rows, landed } = await landMaturePredictions(services, useCase, state, startedAt);
  await putArchiveState(services.registry, lease, landed);
  return rows;
}
