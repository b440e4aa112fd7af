import { hash } from 'node:crypto';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { stagingTable } from '../../use-cases/table-schemas.ts';
import type { Batch } from './batch.ts';
import { matureUntil } from './maturity.ts';
import type { ParsedRow } from './parse-row.ts';
import { readScannedFile } from './scan-file.ts';
import { clearPrefix, stageParts } from './staged-parts.ts';

/** The rows that lie in the staging table under a batch's number. */
export interface StagedRows {
  /** Months in which there are events, `2026-01`. */
  readonly months: ReadonlySet<string>;
  /** Epoch milliseconds; −Infinity when there is no row. */
  readonly newestEvent: number;
}

/**
 * Writes the good rows of a planned batch as Parquet under its number, in place of what an earlier try left there.
 *
 * @throws {ObjectChangedError} @throws {ObjectNotFoundError} when a file is no longer the planned one
 */
export async function stageRows(objects: Objects, useCase: UseCase, batch: Batch): Promise<StagedRows> {
  const parts = await stageParts(objects, stagingPrefix(useCase.id, batch.number), stagingTable(useCase).columns);
  const months = new Set<string>();
  let newestEvent = Number.NEGATIVE_INFINITY;
  for await (const block of readGoodRows(objects, useCase, batch)) {
    for (const row of block) {
      months.add(row.eventTime.toISOString().slice(0, 7));
      newestEvent = Math.max(newestEvent, row.eventTime.getTime());
      await parts.add(stagedValues(row));
    }
  }
  await parts.end();
  return { months, newestEvent };
}

/** Deletes what is staged under a batch's number. */
export function clearStaging(objects: Objects, useCase: string, number: number): Promise<void> {
  return clearPrefix(objects, stagingPrefix(useCase, number));
}

function stagingPrefix(useCase: string, number: number): string {
  return `${bucketPrefixes.staging}${useCase}/${number}/`;
}

/** A row that has everything the table wants. */
interface CompleteRow extends Pick<ParsedRow, 'features' | 'label'> {
  readonly fileNumber: number;
  readonly fileRow: number;
  readonly observationId: string;
  readonly entityId: string;
  readonly eventTime: Date;
  /** Whether the file says when it was. */
  readonly dated: boolean;
}

/** Values in the order of the staging table's columns. */
function stagedValues(row: CompleteRow): unknown[] {
  const { fileNumber, fileRow, observationId, entityId, eventTime, dated, features, label } = row;
  return [fileNumber, fileRow, observationId, entityId, eventTime, dated, ...features, label];
}

async function* readGoodRows(objects: Objects, useCase: UseCase, batch: Batch): AsyncGenerator<CompleteRow[]> {
  const spreadEnd = matureUntil(useCase, batch.plannedAt).getTime();
  for (const [fileNumber, file] of batch.files.entries()) {
    if (file.problem) continue;
    for await (const block of readScannedFile(objects, useCase, file)) {
      yield block.flatMap(({ raw, parsed }) => {
        if (typeof parsed === 'string') return [];
        const { sha256 } = file;
        return [complete(parsed, { fileNumber, fileRow: raw.number, sha256, spreadEnd })];
      });
    }
  }
}

interface RowOrigin {
  readonly fileNumber: number;
  readonly fileRow: number;
  /** Of the file's content. */
  readonly sha256: string;
  /** Epoch milliseconds: end of the year over which undated rows are spread. */
  readonly spreadEnd: number;
}

const yearMs = 365 * 86_400_000;

/** Gives a row what its file lacks, by a hash of the file's content and the row's number: the same id whenever the file comes again. */
function complete(row: ParsedRow, { fileNumber, fileRow, sha256, spreadEnd }: RowOrigin): CompleteRow {
  const dated = row.eventTime !== undefined;
  const seed = dated && row.observationId !== undefined ? '' : hash('sha256', `${sha256}:${fileRow}`, 'hex');
  const observationId = row.observationId ?? seed.slice(0, 32);
  // 52 bits that the id does not use, as a share of the year in [0, 1).
  const share = Number.parseInt(seed.slice(32, 45), 16) / 2 ** 52;
  return {
    fileNumber,
    fileRow,
    observationId,
    entityId: row.entityId ?? observationId,
    eventTime: new Date(row.eventTime ?? Math.ceil(spreadEnd - yearMs * share)),
    dated,
    features: row.features,
    label: row.label,
  };
}
