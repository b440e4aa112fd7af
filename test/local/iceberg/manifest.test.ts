import { Readable } from 'node:stream';
import avro from 'avsc';
import fc from 'fast-check';
import { avroMetadata } from 'icebird/src/avro/avro.metadata.js';
import { avroRead } from 'icebird/src/avro/avro.read.js';
import { parseBound, printBound } from '../../../local/iceberg/bounds.ts';
import type { DataFile } from '../../../local/iceberg/data-file.ts';
import {
  type ManifestEntry,
  type ManifestHeader,
  parseManifest,
  printManifest,
} from '../../../local/iceberg/manifest.ts';
import { type ManifestFile, parseManifestList, printManifestList } from '../../../local/iceberg/manifest-list.ts';
import { parsePartitioning, partitionColumns } from '../../../local/iceberg/partitioning.ts';
import type { IcebergType, Schema } from '../../../local/iceberg/table-metadata.ts';

const types: IcebergType[] = ['string', 'timestamp', 'date', 'int', 'long', 'boolean', 'timestamp'];
const schema: Schema = {
  type: 'struct',
  'schema-id': 3,
  fields: types.map((type, index) => ({ id: index + 1, name: `c${index + 1}`, required: false, type })),
};
const spec = parsePartitioning(['c1', 'month(c2)', 'day(c7)', 'c3', 'c5', 'c6', 'c2'], schema);
const header: ManifestHeader = {
  schema,
  spec,
  partitionFields: partitionColumns(spec, schema),
  typeOf: id => schema.fields.find(field => field.id === id)?.type,
};

const int32 = fc.integer();
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const count = fc.maxSafeNat();
const counts = fc.option(
  fc.array(fc.tuple(fc.nat(), count)).map(pairs => new Map(pairs)),
  { nil: undefined },
);
const bounds = fc
  .record({ 2: int64, 3: int32, 4: int32, 5: int64 }, { requiredKeys: [] })
  .map(
    record =>
      new Map(
        Object.entries(record).map(([id, bound]) => [Number(id), { lower: BigInt(bound!), upper: BigInt(bound!) }]),
      ),
  );
const file: fc.Arbitrary<DataFile> = fc.record({
  uri: fc.string({ unit: 'grapheme' }).map(name => `s3://bucket/${name}`),
  partition: fc.record({
    c1: fc.option(fc.string({ unit: 'grapheme' })),
    c2_month: fc.option(int32),
    c7_day: fc.option(int32),
    c3: fc.option(int32),
    c5: fc.option(int64),
    c6: fc.option(fc.boolean()),
    c2: fc.option(int64),
  }),
  recordCount: count,
  fileSizeInBytes: count,
  columnSizes: counts,
  valueCounts: counts,
  nullValueCounts: counts,
  nanValueCounts: counts,
  bounds: fc.option(bounds, { nil: undefined }),
});
const number = fc.option(count, { nil: undefined });
const entry: fc.Arbitrary<ManifestEntry> = fc.record({
  status: fc.constantFrom(0, 1, 2),
  snapshotId: int64,
  sequenceNumber: number,
  fileSequenceNumber: number,
  file,
});
const bytes = fc.option(fc.uint8Array({ minLength: 4, maxLength: 8 }).map(array => Buffer.from(array)));
const manifestFile: fc.Arbitrary<ManifestFile> = fc.record({
  uri: fc.string({ unit: 'grapheme' }),
  length: count,
  specId: int32,
  sequenceNumber: count,
  minSequenceNumber: count,
  addedSnapshotId: int64,
  addedFiles: fc.nat(),
  existingFiles: fc.nat(),
  deletedFiles: fc.nat(),
  addedRows: count,
  existingRows: count,
  deletedRows: count,
  partitions: fc.array(fc.record({ containsNull: fc.boolean(), lower: bytes, upper: bytes })),
});

test('any entries of a manifest come back as they were', () => {
  fc.assert(
    fc.property(fc.array(entry), entries => {
      expect(parseManifest(printManifest(header, entries))).toEqual(entries);
    }),
  );
});

test('generic Avro readers find in a manifest what was written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1 }), async entries => {
      const manifest = printManifest(header, entries);
      const expected = entries.map(({ file: { uri, partition, bounds: ends }, snapshotId, sequenceNumber }) => ({
        uri,
        snapshotId,
        sequenceNumber,
        month: partition.c2_month ?? undefined,
        lower: ends && [...ends].map(([id, { lower }]) => [id, lower]),
      }));
      expect((await readWithAvsc(manifest)).map(pick)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('icebird finds in a manifest what was written', () => {
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), entries => {
      const records = readWithIcebirdAvro(printManifest(header, entries));
      expect(records.map(record => record.data_file.file_path)).toEqual(entries.map(({ file: { uri } }) => uri));
      expect(records.map(record => record.snapshot_id)).toEqual(entries.map(({ snapshotId }) => snapshotId));
      expect(records.map(record => record.data_file.partition.c2_month ?? null)).toEqual(
        entries.map(({ file: { partition } }) => partition.c2_month),
      );
    }),
    { numRuns: 50 },
  );
});

test('any manifest list comes back as it was', () => {
  const listHeader = { snapshotId: 2n ** 61n, parentId: undefined, sequenceNumber: 1 };
  fc.assert(
    fc.property(fc.array(manifestFile), manifests => {
      expect(parseManifestList(printManifestList(listHeader, manifests))).toEqual(manifests);
    }),
  );
});

test('a manifest says in its header what it is', () => {
  const { metadata } = readHeader(printManifest(header, []));
  expect(metadata).toMatchObject({
    content: 'data',
    'format-version': '2',
    'schema-id': '3',
    'partition-spec-id': '0',
    'partition-spec': JSON.stringify(spec.fields),
    schema,
  });
});

test('every field of a manifest and of a list has the id that the specification gives it', () => {
  const manifest = fieldIds(readHeader(printManifest(header, [])).metadata['avro.schema']);
  expect(manifest).toMatchObject({
    'manifest_entry.status': 0,
    'manifest_entry.snapshot_id': 1,
    'manifest_entry.data_file': 2,
    'manifest_entry.sequence_number': 3,
    'manifest_entry.file_sequence_number': 4,
    'r2.content': 134,
    'r2.file_path': 100,
    'r2.file_format': 101,
    'r2.partition': 102,
    'r2.record_count': 103,
    'r2.file_size_in_bytes': 104,
    'r2.column_sizes': 108,
    'r2.value_counts': 109,
    'r2.null_value_counts': 110,
    'r2.nan_value_counts': 137,
    'r2.lower_bounds': 125,
    'r2.upper_bounds': 128,
    'r102.c1': 1000,
    'r102.c2_month': 1001,
  });
  const list = fieldIds(
    readHeader(printManifestList({ snapshotId: 1n, parentId: undefined, sequenceNumber: 1 }, [])).metadata[
      'avro.schema'
    ],
  );
  expect(list).toMatchObject({
    'manifest_file.manifest_path': 500,
    'manifest_file.manifest_length': 501,
    'manifest_file.partition_spec_id': 502,
    'manifest_file.content': 517,
    'manifest_file.sequence_number': 515,
    'manifest_file.min_sequence_number': 516,
    'manifest_file.added_snapshot_id': 503,
    'manifest_file.added_files_count': 504,
    'manifest_file.existing_files_count': 505,
    'manifest_file.deleted_files_count': 506,
    'manifest_file.added_rows_count': 512,
    'manifest_file.existing_rows_count': 513,
    'manifest_file.deleted_rows_count': 514,
    'manifest_file.partitions': 507,
    'r508.contains_null': 509,
    'r508.contains_nan': 518,
    'r508.lower_bound': 510,
    'r508.upper_bound': 511,
  });
});

test('bounds have the width of their type, and an int is read after its column became long', () => {
  expect(printBound('int', -2n).toString('hex')).toBe('feffffff');
  expect(printBound('date', 1n).toString('hex')).toBe('01000000');
  expect(printBound('long', -2n).toString('hex')).toBe('feffffffffffffff');
  expect(printBound('timestamp', 1n).toString('hex')).toBe('0100000000000000');
  expect(parseBound(printBound('int', -2n))).toBe(-2n);
  expect(parseBound(printBound('long', -2n))).toBe(-2n);
});

interface EntryRecord {
  readonly snapshot_id: bigint;
  readonly sequence_number: bigint | null;
  readonly data_file: {
    readonly file_path: string;
    readonly partition: Record<string, unknown>;
    readonly lower_bounds: { readonly key: number; readonly value: Buffer }[] | null;
  };
}

function pick({ snapshot_id, sequence_number, data_file }: EntryRecord) {
  return {
    uri: data_file.file_path,
    snapshotId: snapshot_id,
    sequenceNumber: sequence_number === null ? undefined : Number(sequence_number),
    month: data_file.partition.c2_month ?? undefined,
    lower: data_file.lower_bounds?.map(({ key, value }) => [
      key,
      value.length === 4 ? BigInt(value.readInt32LE()) : value.readBigInt64LE(),
    ]),
  };
}

/** avsc's own reader of container files, with longs as bigints. */
async function readWithAvsc(manifest: Buffer): Promise<EntryRecord[]> {
  const long = avro.types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer: () => Buffer.alloc(8),
    fromJSON: BigInt,
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: () => 0,
  });
  const typeHook = (type: avro.Schema) => (JSON.stringify(type).match(/^("long"|\{"type":"long")/) ? long : undefined);
  const parseHook = (type: avro.Schema) => avro.Type.forSchema(type, { typeHook });
  return Readable.from([manifest]).pipe(new avro.streams.BlockDecoder({ parseHook })).toArray() as Promise<
    EntryRecord[]
  >;
}

function readHeader(bytes: Buffer) {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
  const { metadata, syncMarker } = avroMetadata(reader);
  return { reader, metadata: metadata as Record<string, unknown>, syncMarker };
}

function readWithIcebirdAvro(bytes: Buffer): EntryRecord[] {
  return avroRead(readHeader(bytes)) as EntryRecord[];
}

/** Field ids by `<record>.<field>`, of a schema and all records in it. */
function fieldIds(node: unknown): Record<string, number> {
  if (typeof node !== 'object' || node === null) return {};
  if (Array.isArray(node)) return Object.assign({}, ...node.map(fieldIds));
  const { name, type, fields, items } = node as Record<string, unknown>;
  const own = (Array.isArray(fields) ? fields : []).map(field => [`${name}.${field.name}`, field['field-id']]);
  return Object.assign(Object.fromEntries(own), fieldIds(type), fieldIds(items), fieldIds(fields));
}
