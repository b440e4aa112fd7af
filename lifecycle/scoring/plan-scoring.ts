import { randomUUID } from 'node:crypto';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type {
  PlanScoringInput,
  PlanScoringOutput,
  ScoreBatchRequest,
  ScoringResult,
} from '../../contracts/scoring-tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { Workflows } from '../../platform/workflows.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { readLatestEntry } from '../release/ledger.ts';
import { exportUnscored } from './export-unscored.ts';
import {
  listScoringBatches,
  putScoringBatch,
  type ScoringBatch,
  ScoringBusyError,
  scoringPrefix,
} from './scoring-batch.ts';

export interface PlanScoringServices {
  readonly athena: Athena;
  readonly objects: Objects;
  readonly registry: Table;
  readonly workflows: Workflows;
}

/** Thrown when a request can't be understood. */
export class InvalidScoringRequestError extends Error {
  override readonly name = 'InvalidScoringRequestError';
}

/** Thrown when the execution's own batch was given up, or it could not score all parts of a batch. */
export class ScoringFailedError extends Error {
  override readonly name = 'ScoringFailedError';
}

/**
 * Says which batch the execution works on next: one that an earlier execution left, then its own. `done` when its own is complete, or there is nothing to score.
 *
 * @throws {InvalidScoringRequestError} @throws {ScoringFailedError}
 * @throws {ScoringBusyError} while another execution is at work
 */
export async function planScoring(
  services: PlanScoringServices,
  useCase: UseCase,
  input: PlanScoringInput,
): Promise<PlanScoringOutput> {
  const { registry, workflows } = services;
  const { executionId, request } = input;
  checkRequest(request);
  const [latest] = await listScoringBatches(registry, useCase.id, 1);
  if (latest?.status === 'planned') {
    if (latest.executionId === executionId) return planned(scorable(latest, input));
    const holder = await workflows.describe(latest.executionId);
    if (holder?.status === 'RUNNING') throw new ScoringBusyError(useCase.id, latest.number, latest.executionId);
    return planned(await putScoringBatch(registry, useCase.id, { ...latest, executionId }, latest.executionId));
  }
  if (latest?.executionId === executionId && isOwn(latest, input)) return done(latest);
  return planNext(services, useCase, input, latest);
}

/** @throws {ScoringFailedError} when the execution has tried to score its parts in vain */
function scorable(batch: ScoringBatch, { plan, failure }: PlanScoringInput): ScoringBatch {
  if (!failure || plan?.status !== 'planned' || plan.batch !== batch.number) return batch;
  throw new ScoringFailedError(
    `Not all parts of batch ${batch.number} could be scored, the next execution goes on with it: ${failure.Cause}`,
  );
}

/** A batch that was taken over was planned by another execution, and so at another start. */
function isOwn({ plannedAt }: ScoringBatch, { startedAt }: PlanScoringInput): boolean {
  return plannedAt === startedAt;
}

function checkRequest({ useCase, from, to, file }: ScoreBatchRequest): void {
  const fail = (problem: string) => {
    throw new InvalidScoringRequestError(`Cannot score "${useCase}": ${problem}`);
  };
  for (const [name, number] of Object.entries({ from, to })) {
    const isSequence = number === undefined || (Number.isSafeInteger(number) && number > 0);
    if (!isSequence) fail(`${name} is ${JSON.stringify(number)}, expected the number of a batch`);
  }
  if (from !== undefined && to !== undefined && from > to) fail(`no batch is in [${from}, ${to}]`);
  if (file === undefined) return;
  if (from !== undefined || to !== undefined) fail('expected either batches or a file');
  const prefix = `${bucketPrefixes.scoring}${useCase}/`;
  if (typeof file !== 'string' || !file.startsWith(prefix)) fail(`file is "${file}", expected a key below ${prefix}`);
}

/** Once the scores go into the table, the list of parts may be gone. */
function planned({ number, partsKey, attempt }: ScoringBatch): PlanScoringOutput {
  return attempt > 0 ? { status: 'scored', batch: number } : { status: 'planned', batch: number, partsKey };
}

/** @throws {ScoringFailedError} */
function done({ number, status, failure, version, ...counts }: ScoringBatch): PlanScoringOutput {
  if (status === 'failed') throw new ScoringFailedError(`Batch ${number} was given up: ${failure}`);
  const { rows, decidedPositive, rejected } = counts;
  const reason = `${rows} rows are scored by version ${version}`;
  return { status: 'done', result: { batch: number, version, rows, decidedPositive, rejected, reason } };
}

function nothing(reason: string, version: number | null = null): PlanScoringOutput {
  const result: ScoringResult = { batch: null, version, rows: 0, decidedPositive: 0, rejected: 0, reason };
  return { status: 'done', result };
}

async function planNext(
  services: PlanScoringServices,
  useCase: UseCase,
  { request, executionId, startedAt }: PlanScoringInput,
  latest: ScoringBatch | undefined,
): Promise<PlanScoringOutput> {
  const { objects, registry } = services;
  const champion = (await readLatestEntry(registry, useCase.id))?.routing?.variants[0];
  if (!champion) return nothing('there is no model yet');
  const number = (latest?.number ?? 0) + 1;
  const { version, modelSha256, threshold } = champion;
  const source = request.file
    ? { parts: [{ number: 0, key: request.file, rows: null }], through: null, reason: '' }
    : await exportUnscored({ ...services, useCase, request, champion, number });
  if (source.parts.length === 0) return nothing(source.reason, version);
  // Of its own, as another execution may plan the same batch.
  const partsKey = `${scoringPrefix(useCase.id, number)}parts/${randomUUID()}.json`;
  await objects.write(partsKey, JSON.stringify(source.parts), 'application/json');
  const batch: ScoringBatch = {
    ...{ number, status: 'planned', failure: null, executionId, plannedAt: startedAt },
    ...{ version, modelSha256, threshold, file: request.file ?? null, through: source.through },
    ...{ parts: source.parts.length, partsKey },
    ...{ attempt: 0, queryIds: [], rows: 0, decidedPositive: 0, rejected: 0 },
  };
  return planned(await putScoringBatch(registry, useCase.id, batch, null));
}
