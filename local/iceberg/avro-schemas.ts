import type { PartitionType } from './partitioning.ts';

// Names and field ids are those of the table "Manifests" and "Manifest Lists" of the Iceberg specification, version 2.

/** The partition fields of a manifest, by name and type. */
export type PartitionFieldType = { readonly name: string; readonly fieldId: number; readonly type: PartitionType };

/** The Avro schema of a manifest whose files are partitioned by the fields given. */
export function manifestSchema(partitionFields: readonly PartitionFieldType[]): object {
  return {
    type: 'record',
    name: 'manifest_entry',
    fields: [
      field(0, 'status', 'int'),
      optional(1, 'snapshot_id', 'long'),
      optional(3, 'sequence_number', 'long'),
      optional(4, 'file_sequence_number', 'long'),
      field(2, 'data_file', dataFileSchema(partitionFields)),
    ],
  };
}

/** The Avro schema of a manifest list. */
export const manifestListSchema: object = {
  type: 'record',
  name: 'manifest_file',
  fields: [
    field(500, 'manifest_path', 'string'),
    field(501, 'manifest_length', 'long'),
    field(502, 'partition_spec_id', 'int'),
    field(517, 'content', 'int'),
    field(515, 'sequence_number', 'long'),
    field(516, 'min_sequence_number', 'long'),
    field(503, 'added_snapshot_id', 'long'),
    field(504, 'added_files_count', 'int'),
    field(505, 'existing_files_count', 'int'),
    field(506, 'deleted_files_count', 'int'),
    field(512, 'added_rows_count', 'long'),
    field(513, 'existing_rows_count', 'long'),
    field(514, 'deleted_rows_count', 'long'),
    optional(507, 'partitions', { type: 'array', items: fieldSummarySchema(), 'element-id': 508 }),
  ],
};

function dataFileSchema(partitionFields: readonly PartitionFieldType[]): object {
  return {
    type: 'record',
    name: 'r2',
    fields: [
      field(134, 'content', 'int'),
      field(100, 'file_path', 'string'),
      field(101, 'file_format', 'string'),
      field(102, 'partition', {
        type: 'record',
        name: 'r102',
        fields: partitionFields.map(({ name, fieldId, type }) => optional(fieldId, name, partitionTypes[type])),
      }),
      field(103, 'record_count', 'long'),
      field(104, 'file_size_in_bytes', 'long'),
      optional(108, 'column_sizes', mapSchema(117, 118, 'long')),
      optional(109, 'value_counts', mapSchema(119, 120, 'long')),
      optional(110, 'null_value_counts', mapSchema(121, 122, 'long')),
      optional(137, 'nan_value_counts', mapSchema(138, 139, 'long')),
      optional(125, 'lower_bounds', mapSchema(126, 127, 'bytes')),
      optional(128, 'upper_bounds', mapSchema(129, 130, 'bytes')),
      optional(140, 'sort_order_id', 'int'),
    ],
  };
}

const partitionTypes: Readonly<Record<PartitionType, string | object>> = {
  int: 'int',
  long: 'long',
  date: { type: 'int', logicalType: 'date' },
  timestamp: { type: 'long', logicalType: 'timestamp-micros', 'adjust-to-utc': false },
  string: 'string',
  boolean: 'boolean',
};

/** Avro's own maps have string keys only: a map by field id is an array of pairs. */
function mapSchema(keyId: number, valueId: number, valueType: string): object {
  return {
    type: 'array',
    logicalType: 'map',
    items: {
      type: 'record',
      name: `k${keyId}_v${valueId}`,
      fields: [field(keyId, 'key', 'int'), field(valueId, 'value', valueType)],
    },
  };
}

function fieldSummarySchema(): object {
  return {
    type: 'record',
    name: 'r508',
    fields: [
      field(509, 'contains_null', 'boolean'),
      optional(518, 'contains_nan', 'boolean'),
      optional(510, 'lower_bound', 'bytes'),
      optional(511, 'upper_bound', 'bytes'),
    ],
  };
}

function field(id: number, name: string, type: string | object): object {
  return { name, type, 'field-id': id };
}

function optional(id: number, name: string, type: string | object): object {
  return { name, type: ['null', type], default: null, 'field-id': id };
}
