import { mkdir } from 'node:fs/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { macros } from '../sql/macros.ts';
import { loadParser, type Parser } from '../sql/parser.ts';
import { registerBucketFunctions } from './bucket-functions.ts';

/** DuckDB and the parser, loaded once, when first needed. */
export interface Engine {
  /** A fresh connection with its own temporary tables. The caller closes it. */
  connect(): Promise<DuckDBConnection>;
  parser(): Promise<Parser>;
  /** Folder for files on their way to S3, on the same file system. */
  readonly temporaryFolder: string;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Folder of the S3 objects. */
  readonly s3Root: string;
  readonly temporaryFolder: string;
}

/** Makes an engine whose statements reach no file but those of S3 and its temporary ones. */
export function createEngine({ s3Root, temporaryFolder }: EngineOptions): Engine {
  let instance: Promise<DuckDBInstance> | undefined;
  let parser: Promise<Parser> | undefined;
  const opened = () => (instance ??= openInstance(s3Root, temporaryFolder));

  return {
    temporaryFolder,
    connect: async () => (await opened()).connect(),
    parser: () => (parser ??= loadParser()),
    async close() {
      if (instance) (await instance).closeSync();
      instance = undefined;
    },
  };
}

async function openInstance(s3Root: string, temporaryFolder: string): Promise<DuckDBInstance> {
  await mkdir(temporaryFolder, { recursive: true });
  // The native module is 70 MB: a cloud without queries need not load it.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '1GB',
    temp_directory: `${temporaryFolder}/spill`,
  });
  const connection = await instance.connect();
  await registerBucketFunctions(connection);
  const folders = [s3Root, temporaryFolder].map(folder => `'${folder.replaceAll("'", "''")}/'`);
  for (const statement of [
    `SET GLOBAL TimeZone = 'UTC'`,
    ...macros.map(macro => `CREATE MACRO ${macro}`),
    `SET allowed_directories = [${folders.join(', ')}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]) {
    await connection.run(statement);
  }
  connection.closeSync();
  return instance;
}
