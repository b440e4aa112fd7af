import { type Caller, localAccount, localRegion } from '../service.ts';

/** What a statement does to a table, as far as permissions go. `declare`: an external table, whose files others write. */
export type TableAct = 'read' | 'append' | 'rewrite' | 'create' | 'declare' | 'drop' | 'alter';

const glueActions: Readonly<Record<TableAct, readonly string[]>> = {
  read: ['glue:GetTable'],
  append: ['glue:GetTable', 'glue:UpdateTable'],
  rewrite: ['glue:GetTable', 'glue:UpdateTable'],
  create: ['glue:GetDatabase', 'glue:CreateTable'],
  declare: ['glue:GetDatabase', 'glue:CreateTable'],
  drop: ['glue:GetTable', 'glue:DeleteTable'],
  alter: ['glue:GetTable', 'glue:UpdateTable'],
};

const objectActions: Readonly<Record<TableAct, readonly string[]>> = {
  read: ['s3:GetObject'],
  append: ['s3:GetObject', 's3:PutObject'],
  rewrite: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
  create: ['s3:PutObject'],
  declare: [],
  drop: ['s3:GetObject', 's3:DeleteObject'],
  alter: ['s3:GetObject', 's3:PutObject'],
};

/** Requires what Athena does in the Glue catalog with the caller's credentials. @throws {ServiceError} `AccessDeniedException` */
export function requireTable(caller: Caller, act: TableAct, database: string, table: string): void {
  for (const action of glueActions[act]) requireInCatalog(caller, action, database, table);
}

/** Requires one Glue action on the catalog, the database and, if named, the table: Glue asks for all of them. */
export function requireInCatalog(caller: Caller, action: string, database?: string, table?: string): void {
  const prefix = `arn:aws:glue:${localRegion}:${localAccount}:`;
  caller.require(action, `${prefix}catalog`);
  if (database !== undefined) caller.require(action, `${prefix}database/${database}`);
  if (table !== undefined) caller.require(action, `${prefix}table/${database}/${table}`);
}

/** Requires what Athena does with the objects below a location with the caller's credentials. @throws {ServiceError} `AccessDeniedException` */
export function requireObjects(caller: Caller, act: TableAct, location: string): void {
  const { bucket, key } = splitUri(location);
  caller.require('s3:GetBucketLocation', `arn:aws:s3:::${bucket}`);
  caller.require('s3:ListBucket', `arn:aws:s3:::${bucket}`);
  for (const action of objectActions[act]) caller.require(action, `arn:aws:s3:::${bucket}/${key}/*`);
}

/** Requires an athena action on a workgroup. @throws {ServiceError} `AccessDeniedException` */
export function requireWorkgroup(caller: Caller, action: string, workgroup: string): void {
  caller.require(action, `arn:aws:athena:${localRegion}:${localAccount}:workgroup/${workgroup}`);
}

/** Splits `s3://bucket/prefix/` into the bucket and the prefix without slashes at its end. */
export function splitUri(uri: string): { bucket: string; key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/?(.*?)\/*$/s.exec(uri) ?? [];
  if (!bucket) throw new RangeError(`"${uri}" is no S3 address, expected s3://bucket/prefix`);
  return { bucket, key: key ?? '' };
}
