import { QueryError } from '../query-error.ts';
import type { Properties } from './parsed-statement.ts';

const knownProperties: Readonly<Record<string, RegExp>> = {
  table_type: /^iceberg$/i,
  format: /^parquet$/i,
  write_compression: /^(zstd|snappy|gzip|lz4|none)$/i,
  write_target_data_file_size_bytes: /^\d+$/,
  optimize_rewrite_min_data_file_size_bytes: /^\d+$/,
  optimize_rewrite_max_data_file_size_bytes: /^\d+$/,
  optimize_rewrite_data_file_threshold: /^\d+$/,
  optimize_rewrite_delete_file_threshold: /^\d+$/,
  vacuum_min_snapshots_to_keep: /^[1-9]\d*$/,
  vacuum_max_snapshot_age_seconds: /^\d+$/,
  vacuum_max_metadata_files_to_keep: /^[1-9]\d*$/,
};

/** Checks the TBLPROPERTIES of a new Iceberg table. @throws {QueryError} `INVALID_TABLE_PROPERTY` */
export function requireIcebergProperties(properties: Properties): Properties {
  if (!properties.table_type) {
    const detail = `CREATE TABLE needs TBLPROPERTIES ('table_type'='ICEBERG'); other tables are EXTERNAL`;
    throw new QueryError('INVALID_TABLE_PROPERTY', detail);
  }
  return checkIcebergProperties(properties);
}

/** Checks TBLPROPERTIES of an Iceberg table: Athena knows some and refuses all others. @throws {QueryError} `INVALID_TABLE_PROPERTY` */
export function checkIcebergProperties(properties: Properties): Properties {
  for (const [name, value] of Object.entries(properties)) {
    const pattern = Object.hasOwn(knownProperties, name) ? knownProperties[name] : undefined;
    if (!pattern) throw new QueryError('INVALID_TABLE_PROPERTY', `Unsupported table property key: ${name}`);
    if (!pattern.test(value)) {
      throw new QueryError('INVALID_TABLE_PROPERTY', `Table property ${name} has value '${value}'`);
    }
  }
  return properties;
}
