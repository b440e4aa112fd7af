import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Batch } from './batch.ts';
import type { Conflict } from './deduplicate.ts';
import { type JudgedRow, readScannedFile } from './scan-file.ts';

/** A line of a batch's quarantine object. */
export interface QuarantinedRow {
  readonly file: string;
  /** 1 for the file's first data row; null when the file as a whole is wrong. */
  readonly row: number | null;
  readonly reason: string;
  /** The row as the file has it. */
  readonly raw: unknown;
}

/** Prefix of what a batch leaves in quarantine: `rows.ndjson`, and below `files/` what was refused whole. */
export function quarantinePrefix(useCase: string, number: number): string {
  return `${bucketPrefixes.quarantine}${useCase}/${number}/`;
}

/**
 * Writes the rejected and conflicting rows of a batch, with the reasons, as one NDJSON object. None, no object.
 * Past 64 MB the rest is only counted: the rows themselves are in the batch's files, which are kept.
 *
 * @throws {ObjectChangedError} @throws {ObjectNotFoundError} when a file is no longer the planned one
 */
export async function quarantineRows(
  objects: Objects,
  useCase: UseCase,
  batch: Batch,
  conflicts: readonly Conflict[],
): Promise<void> {
  const lines = new NdjsonLines();
  for await (const row of rejectedRows(objects, useCase, batch, conflicts)) lines.add(row);
  if (lines.isEmpty) return;
  await objects.write(`${quarantinePrefix(useCase.id, batch.number)}rows.ndjson`, lines.take(), 'application/x-ndjson');
}

async function* rejectedRows(
  objects: Objects,
  useCase: UseCase,
  { files }: Batch,
  conflicts: readonly Conflict[],
): AsyncGenerator<QuarantinedRow> {
  for (const [fileNumber, file] of files.entries()) {
    const conflicting = new Map(
      conflicts.filter(conflict => conflict.fileNumber === fileNumber).map(({ fileRow, reason }) => [fileRow, reason]),
    );
    if (file.problem) yield { file: file.key, row: null, reason: `File ${file.problem}`, raw: null };
    else if (file.rejected > 0 || conflicting.size > 0) {
      for await (const block of readScannedFile(objects, useCase, file)) {
        for (const row of block) {
          const reason = rejectionReason(row) ?? conflicting.get(row.raw.number);
          if (reason) yield { file: file.key, row: row.raw.number, reason, raw: row.raw.raw };
        }
      }
    }
  }
}

function rejectionReason({ parsed }: JudgedRow): string | undefined {
  return typeof parsed === 'string' ? parsed : undefined;
}

const maxBytes = 64 * 1024 * 1024;

/** Lines of a quarantine object, of which those past 64 MB are only counted. */
export class NdjsonLines {
  private readonly lines: string[] = [];
  private length = 0;
  private omitted = 0;

  get isEmpty(): boolean {
    return this.lines.length === 0;
  }

  add(value: QuarantinedRow): void {
    const line = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item));
    this.length += line.length;
    if (this.length <= maxBytes || this.isEmpty) this.lines.push(line);
    else this.omitted++;
  }

  take(): string {
    const rest = this.omitted > 0 ? [JSON.stringify({ omitted: this.omitted })] : [];
    return `${[...this.lines, ...rest].join('\n')}\n`;
  }
}
