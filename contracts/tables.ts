/** Key attributes of both DynamoDB tables. */
export const tableKeys = { partition: 'pk', sort: 'sk' } as const;

/** Attribute that holds an item's expiry in epoch seconds, in both DynamoDB tables. */
export const timeToLiveAttribute = 'expires_at';

/** Column of an Iceberg table, in Athena DDL's words. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'bigint' | 'int' | 'double' | 'boolean' | 'timestamp';
}

/** Iceberg table as the custom resource defines it. */
export interface TableSchema {
  /** Table name inside the Glue database. */
  readonly name: string;
  /** Prefix inside the bucket, ending in `/`. */
  readonly prefix: string;
  readonly columns: readonly Column[];
  /** Partition transforms, for instance `month(event_time)`. */
  readonly partitionedBy: readonly string[];
}
