import { bucketPrefixes, landingFolders } from '../../contracts/bucket-layout.ts';
import { ObjectChangedError, ObjectNotFoundError, type ObjectSummary, type Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { type Clock, latestTold } from '../clock.ts';
import { UnreadableFileError } from '../datasets/errors.ts';
import { landingPrefix } from '../datasets/landing-keys.ts';
import { moveFile } from '../datasets/move-files.ts';
import { NdjsonLines, type QuarantinedRow } from '../datasets/quarantine.ts';
import type { RawRow } from '../datasets/raw-row.ts';
import { fileEndings, readRows } from '../datasets/read-rows.ts';
import { createOutcome, type Outcome } from './outcome.ts';
import { logOutcomes } from './outcome-log.ts';
import { createOutcomeParser, type OutcomeFields } from './parse-outcome.ts';

export interface TakeOutcomeFilesServices {
  readonly objects: Objects;
  /** The log. */
  readonly predictions: Table;
  readonly clock: Clock;
}

/** What the files held. */
export interface TakenOutcomes {
  readonly files: number;
  /** Rows that are in the log, be it since now or before. */
  readonly outcomes: number;
  /** Rows in quarantine. */
  readonly rejected: number;
}

/** Columns of the files. */
const fields: OutcomeFields = {
  predictionId: 'prediction_id',
  observationId: 'observation_id',
  label: 'label',
  observedAt: 'observed_at',
};

/** Outcomes that are logged at once. */
const blockRows = 1_000;

/**
 * Logs the outcomes in the files below `landing/<useCase>/outcomes/`, and moves the files away: those that can't be read, and the rows that are none, into
 * quarantine. A file of which only a part was logged is taken again: what was logged is known by then.
 */
export async function takeOutcomeFiles(services: TakeOutcomeFilesServices, useCase: UseCase): Promise<TakenOutcomes> {
  const prefix = `${landingPrefix(useCase.id)}${landingFolders.outcomes}`;
  const files = (await services.objects.list(prefix)).filter(({ key }) => !key.endsWith('/'));
  let [outcomes, rejected] = [0, 0];
  for (const file of files) {
    const taken = await takeFile(services, useCase, file, file.key.slice(prefix.length));
    outcomes += taken.outcomes;
    rejected += taken.rejected;
  }
  return { files: files.length, outcomes, rejected };
}

async function takeFile(
  services: TakeOutcomeFilesServices,
  useCase: UseCase,
  file: ObjectSummary,
  name: string,
): Promise<{ outcomes: number; rejected: number }> {
  const { objects } = services;
  const quarantined = new NdjsonLines();
  const log = createRowLog(services, useCase, file.key);
  let [outcomes, rejected, isReadable] = [0, 0, true];
  const reject = (row: QuarantinedRow) => {
    rejected++;
    quarantined.add(row);
  };
  try {
    for await (const rows of readBlocks(objects, file)) {
      const bad = await log(rows);
      outcomes += rows.length - bad.length;
      for (const row of bad) reject(row);
    }
  } catch (error) {
    // Taken away, or overwritten, since it was listed: the next run finds what is there then.
    if (error instanceof ObjectNotFoundError || error instanceof ObjectChangedError) return { outcomes, rejected };
    if (!(error instanceof UnreadableFileError)) throw error;
    isReadable = false;
    reject({ file: file.key, row: null, reason: `File ${error.message}`, raw: null });
  }
  // Under its content's tag, so that files of one name do not replace each other.
  const taken = `${useCase.id}/${landingFolders.outcomes}${file.etag.replaceAll('"', '')}/${name}`;
  if (!quarantined.isEmpty) {
    const key = `${bucketPrefixes.quarantine}${taken}.rows.ndjson`;
    await objects.write(key, quarantined.take(), 'application/x-ndjson');
  }
  await moveFile(objects, file, `${isReadable ? bucketPrefixes.ingested : bucketPrefixes.quarantine}${taken}`);
  return { outcomes, rejected };
}

/** Makes what logs rows of a file, and gives back those that are no outcomes. */
function createRowLog({ predictions, clock }: TakeOutcomeFilesServices, useCase: UseCase, file: string) {
  const parse = createOutcomeParser(useCase, fields, latestTold(clock));
  const receipt = { useCase: useCase.id, receivedAt: clock.now().toISOString(), by: file };
  return async (rows: readonly RawRow[]): Promise<QuarantinedRow[]> => {
    const outcomes: Outcome[] = [];
    const bad: QuarantinedRow[] = [];
    for (const { number, record, problem, raw } of rows) {
      const parsed = record ? parse(record) : problem!;
      if (typeof parsed === 'string') bad.push({ file, row: number, reason: parsed, raw });
      else outcomes.push(createOutcome({ ...parsed, ...receipt }));
    }
    await logOutcomes(predictions, outcomes);
    return bad;
  };
}

/** The rows of a file, as many at a time as are logged at once. @throws {UnreadableFileError} */
async function* readBlocks(objects: Objects, { key, etag }: ObjectSummary): AsyncGenerator<RawRow[]> {
  const source = readRows(key, await objects.stream(key, { etag }));
  if (!source) throw new UnreadableFileError(`ends in none of ${fileEndings.map(ending => `.${ending}`).join(', ')}`);
  for await (const rows of source.blocks) {
    for (let start = 0; start < rows.length; start += blockRows) yield rows.slice(start, start + blockRows);
  }
}
