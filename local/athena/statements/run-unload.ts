import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { requireObjects } from '../access.ts';
import { QueryError } from '../query-error.ts';
import type { Node } from '../sql/parser.ts';
import { translateQuery } from '../sql/queries.ts';
import { duckType, unknown } from '../sql/trino-type.ts';
import { quoteName, quoteText } from '../sql/typed-sql.ts';
import { copyFiles } from './duck-sql.ts';
import type { Execution, Outcome } from './execution.ts';
import type { Properties } from './parsed-statement.ts';
import { prepareTranslation } from './translation.ts';

const compressions = ['zstd', 'snappy', 'gzip', 'lz4', 'none'];

/** Runs UNLOAD: the query's rows as Parquet files below an empty prefix, listed in a manifest. */
export async function runUnload(
  { tree, location, options }: { tree: Node; location: string; options: Properties },
  execution: Execution,
): Promise<Outcome> {
  const compression = readOptions(options);
  const prefix = await emptyPrefix(location, execution);
  const { statement, relations } = await prepareTranslation(tree, execution);
  const { sql, columns } = translateQuery(tree, statement);
  const values = columns.map(({ name, type }, index) => {
    if (type === unknown) throw new QueryError('NOT_SUPPORTED', `column ${index + 1} of unknown type in UNLOAD`);
    if (name === undefined)
      throw new QueryError('MISSING_COLUMN_NAME', `Column name not specified at position ${index + 1}`);
    return `CAST(unloaded.c${index} AS ${duckType(type)}) AS ${quoteName(name.toLowerCase())}`;
  });
  await mkdir(execution.temporaryFolder, { recursive: true });
  const folder = `${execution.temporaryFolder}/${randomUUID()}`;
  const copied = await copyFiles(
    execution.connection,
    `COPY (SELECT ${values.join(', ')} FROM (${sql}) AS unloaded) TO ${quoteText(folder)} (FORMAT parquet, COMPRESSION ${compression}, PER_THREAD_OUTPUT true, FILENAME_PATTERN '{uuid}', RETURN_STATS true)`,
  );
  const uris: string[] = [];
  for (const { filename, count } of copied) {
    if (count === '0' && copied.length > 1) continue;
    const uri = `${prefix}/${execution.queryId}_${randomUUID()}`;
    await execution.store.folder.adopt(filename, uri);
    uris.push(uri);
  }
  const manifestUri = `${execution.outputLocation}${execution.queryId}-manifest.csv`;
  await execution.store.folder.write(manifestUri, uris.map(uri => `${uri}\n`).join(''));
  return { type: 'DML', subtype: 'UNLOAD', scannedBytes: relations.scannedBytes(), manifestUri };
}

function readOptions({ format, compression = 'gzip', ...others }: Properties): string {
  if (format?.toUpperCase() !== 'PARQUET')
    throw new QueryError('NOT_SUPPORTED', `UNLOAD with format '${format}' (the embedded Athena writes PARQUET)`);
  if (!compressions.includes(compression.toLowerCase())) {
    throw new QueryError(
      'INVALID_ARGUMENTS',
      `Unsupported compression '${compression}', expected ${compressions.join(', ')}`,
    );
  }
  const [other] = Object.keys(others);
  if (other) throw new QueryError('NOT_SUPPORTED', `UNLOAD with ${other}`);
  return compression.toLowerCase() === 'none' ? 'uncompressed' : compression.toLowerCase();
}

async function emptyPrefix(location: string, { caller, store }: Execution): Promise<string> {
  const prefix = location.replace(/\/+$/, '');
  if (!/^s3:\/\/[^/]+\/.+/.test(prefix))
    throw new QueryError('INVALID_ARGUMENTS', `UNLOAD to '${location}', expected 's3://bucket/prefix/'`);
  requireObjects(caller, 'append', prefix);
  if ((await store.folder.list(prefix)).length > 0) {
    throw new QueryError(
      'HIVE_PATH_ALREADY_EXISTS',
      `Target directory for table 'UNLOAD' already exists: ${location}. You may need to manually clean the data at location '${location}' before retrying`,
    );
  }
  return prefix;
}
