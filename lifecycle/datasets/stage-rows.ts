import { hash } from 'node:crypto';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Column } from '../../contracts/tables.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { stagingTable } from '../../use-cases/table-schemas.ts';
import type { Batch } from './batch.ts';
import type { ParsedRow } from './parse-row.ts';
import { readScannedFile } from './scan-file.ts';

/** What lies in the staging table under a batch's number. */
export interface StagedRows {
  readonly rows: number;
  /** Rows by month of the event, `2026-01`. */
  readonly months: ReadonlyMap<string, number>;
  /** Epoch milliseconds; −Infinity when there is no row. */
  readonly newestEvent: number;
}

/** Rows in a Parquet file: what bounds the memory. */
const partRows = 50_000;

/** Prefix of a batch's partition of the staging table. */
export function stagingPrefix(useCase: string, number: number): string {
  return `${bucketPrefixes.staging}${useCase}/${number}/`;
}

/**
 * Writes the good rows of a planned batch as Parquet under its number, in place of what an earlier try left there.
 *
 * @throws {ObjectChangedError} @throws {ObjectNotFoundError} when a file is no longer the planned one
 */
export async function stageRows(objects: Objects, useCase: UseCase, batch: Batch): Promise<StagedRows> {
  const prefix = stagingPrefix(useCase.id, batch.number);
  await clearStaging(objects, useCase.id, batch.number);
  const part = new PartBuffer(stagingTable(useCase).columns);
  const spreadEnd = Date.parse(batch.plannedAt) - useCase.label.delayDays * dayMs;
  const months = new Map<string, number>();
  let [rows, parts, newestEvent] = [0, 0, Number.NEGATIVE_INFINITY];
  const flush = async () => {
    if (part.rows > 0) await objects.write(`${prefix}part-${String(parts++).padStart(5, '0')}.parquet`, part.take());
  };
  for (const [fileNumber, file] of batch.files.entries()) {
    if (file.problem) continue;
    for await (const block of readScannedFile(objects, useCase, file)) {
      for (const { raw, parsed } of block) {
        if (typeof parsed === 'string') continue;
        const row = complete(parsed, { sha256: file.sha256, fileRow: raw.number, spreadEnd });
        const month = row.eventTime.toISOString().slice(0, 7);
        months.set(month, (months.get(month) ?? 0) + 1);
        newestEvent = Math.max(newestEvent, row.eventTime.getTime());
        rows++;
        part.add([
          fileNumber,
          BigInt(raw.number),
          row.observationId,
          row.entityId,
          row.eventTime,
          parsed.eventTime !== undefined,
          ...parsed.features,
          parsed.label,
        ]);
      }
      if (part.rows >= partRows) await flush();
    }
  }
  await flush();
  return { rows, months, newestEvent };
}

/** Deletes what is staged under a batch's number. */
export async function clearStaging(objects: Objects, useCase: string, number: number): Promise<void> {
  for (const { key } of await objects.list(stagingPrefix(useCase, number))) await objects.delete(key);
}

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

/** Gives a row what its file lacks, by a hash of the file's content and the row's number: the same whenever the file comes again. */
function complete(
  { observationId, entityId, eventTime }: ParsedRow,
  { sha256, fileRow, spreadEnd }: { sha256: string; fileRow: number; spreadEnd: number },
) {
  const seed =
    observationId !== undefined && eventTime !== undefined ? '' : hash('sha256', `${sha256}:${fileRow}`, 'hex');
  const id = observationId ?? seed.slice(0, 32);
  // 52 of the hash's bits as a share of the year, in (0, 1].
  const share = (Number.parseInt(seed.slice(32, 45), 16) + 1) / 2 ** 52;
  return {
    observationId: id,
    entityId: entityId ?? id,
    eventTime: new Date(eventTime ?? Math.round(spreadEnd - yearMs * (1 - share))),
  };
}

const parquetTypes = {
  string: 'STRING',
  bigint: 'INT64',
  int: 'INT32',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
} as const;

/** Rows on their way into one Parquet file, by column. */
class PartBuffer {
  rows = 0;
  private readonly schema: readonly Column[];
  private columns: unknown[][];

  constructor(schema: readonly Column[]) {
    this.schema = schema;
    this.columns = schema.map(() => []);
  }

  add(row: readonly unknown[]): void {
    for (const [index, { type }] of this.schema.entries()) {
      const value = row[index];
      this.columns[index]!.push(type === 'bigint' && typeof value === 'number' ? BigInt(value) : value);
    }
    this.rows++;
  }

  /** The file of the rows so far; the buffer is empty afterwards. */
  take(): Uint8Array {
    const columnData = this.schema.map(({ name, type }, index) => ({
      name,
      type: parquetTypes[type],
      data: this.columns[index]!,
    }));
    this.columns = this.schema.map(() => []);
    this.rows = 0;
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  }
}
