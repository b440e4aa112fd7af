import { ObjectChangedError, ObjectNotFoundError, type ObjectSummary, type Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Batch, BatchCounts, TableContents } from './batch.ts';
import { isOutcomes, isReal, isSynthetic, landingPrefix } from './landing-keys.ts';
import { type ScannedFile, scanFile } from './scan-file.ts';

/** Files of one batch at most. The rest waits for the next batch. */
const maxFiles = 400;
/** Bytes of their descriptions at most: all of them stand in one item of the registry, which holds 400 KB, and a key alone may have one. */
const maxDescriptionBytes = 300_000;
/** Bytes of one batch at most, unless its first file alone is larger: a batch must fit into the minutes that a Lambda has. */
const maxBytes = 1_000_000_000;

export interface SelectFilesOptions {
  readonly useCase: string;
  readonly demo: boolean;
  /** Whether the table holds real rows. */
  readonly holdsRealRows: boolean;
}

/** Chooses the waiting files that the next batch takes, by name. Synthetic ones are taken only where no real row is, nor comes. */
export function selectFiles(
  waiting: readonly ObjectSummary[],
  { useCase, demo, holdsRealRows }: SelectFilesOptions,
): ObjectSummary[] {
  const files = waiting.filter(({ key }) => !key.endsWith('/') && !isOutcomes(useCase, key));
  const takesSynthetic = demo && !holdsRealRows && !files.some(({ key }) => isReal(useCase, key));
  const taken = files.filter(({ key }) => takesSynthetic || !isSynthetic(useCase, key));
  let bytes = 0;
  return taken.slice(0, maxFiles).filter(({ size }, index) => {
    bytes += size;
    return index === 0 || bytes <= maxBytes;
  });
}

export interface PlanBatchOptions {
  readonly objects: Objects;
  readonly useCase: UseCase;
  readonly demo: boolean;
  readonly number: number;
  readonly executionId: string;
  /** ISO instant. */
  readonly plannedAt: string;
  /** What the table holds before it. */
  readonly table: TableContents;
}

/** Reads the waiting files and describes the batch they make. Writes nothing. */
export async function planBatch(options: PlanBatchOptions): Promise<Batch> {
  const { objects, useCase, demo, number, executionId, plannedAt, table } = options;
  const waiting = await objects.list(landingPrefix(useCase.id));
  const files: ScannedFile[] = [];
  let descriptionBytes = 0;
  for (const file of selectFiles(waiting, { useCase: useCase.id, demo, holdsRealRows: table.holdsRealRows })) {
    const scanned = await scanUnlessGone(objects, useCase, file);
    descriptionBytes += Buffer.byteLength(JSON.stringify(scanned ?? ''));
    if (descriptionBytes > maxDescriptionBytes) break;
    if (scanned) files.push(scanned);
  }
  return {
    number,
    status: 'planned',
    executionId,
    plannedAt,
    files,
    counts: expectedCounts(files),
    refusal: null,
    slices: [],
    attempt: 0,
    queryIds: [],
    labels: null,
    table,
  };
}

/** A file that is deleted or overwritten while it is read waits for the next batch, in the state it is in then. */
async function scanUnlessGone(objects: Objects, useCase: UseCase, file: ObjectSummary) {
  try {
    return await scanFile(objects, useCase, file);
  } catch (error) {
    if (error instanceof ObjectNotFoundError || error instanceof ObjectChangedError) return undefined;
    throw error;
  }
}

function expectedCounts(files: readonly ScannedFile[]): BatchCounts {
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const rejected = files.reduce((sum, file) => sum + file.rejected, 0);
  return { rows, rejected, conflicts: 0, duplicates: 0, relabelled: 0, expected: rows - rejected };
}

/** Why a batch is refused by its files and counts, or null when it may go in. */
export function refusalReason({ files, counts }: Pick<Batch, 'files' | 'counts'>, { quality }: UseCase): string | null {
  const { rows, rejected, conflicts } = counts;
  if (rows === 0 && files.length > 0 && files.every(({ problem }) => problem)) return 'none of its files has rows';
  const bad = rejected + conflicts;
  if (bad <= rows * quality.maxRejectedShare) return null;
  const percent = (share: number) => `${Math.round(share * 1_000) / 10} %`;
  return `${bad} of ${rows} rows are rejected (${percent(bad / rows)}), accepted are ${percent(quality.maxRejectedShare)}`;
}
