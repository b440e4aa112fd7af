import { randomBytes } from 'node:crypto';
import avro from 'avsc';

/** An Avro object container file. */
export interface AvroFile {
  /** The header's entries beside `avro.schema` and `avro.codec`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Longs are bigints. */
  readonly records: readonly unknown[];
}

/*
 * 'Obj' 1 | map of header entries | sync (16) | { count | size | records | sync } …
 */
const magic = Buffer.from('Obj\u0001', 'latin1');
const syncLength = 16;

const longs = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer(value: bigint) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => Number(a > b) - Number(a < b),
});
const headerType = avro.Type.forSchema({ type: 'map', values: 'bytes' });

const typesBySchema = new Map<string, avro.Type>();

/**
 * Prints a container file without compression, all records in one block.
 *
 * The schema stands in the header as given: an encoder that parses and prints it would lose the `field-id`s that Iceberg readers need.
 */
export function printAvroFile(schema: object, { metadata, records }: AvroFile): Buffer {
  const schemaText = JSON.stringify(schema);
  const type = typeOf(schemaText);
  const sync = randomBytes(syncLength);
  const header = headerType.toBuffer(headerEntries({ ...metadata, 'avro.schema': schemaText, 'avro.codec': 'null' }));
  if (records.length === 0) return Buffer.concat([magic, header, sync]);
  const body = Buffer.concat(records.map(record => type.toBuffer(record)));
  const [count, size] = [records.length, body.length].map(value => longs.toBuffer(BigInt(value)));
  return Buffer.concat([magic, header, sync, count!, size!, body, sync]);
}

/**
 * Parses a container file.
 *
 * @throws {SyntaxError} when it is no such file, is damaged, or is compressed
 */
export function parseAvroFile(bytes: Buffer): AvroFile {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new SyntaxError('Not an Avro container file');
  const { value, offset } = headerType.decode(bytes, magic.length) as { value: Record<string, Buffer>; offset: number };
  const entries = Object.entries(value).map(([key, text]) => [key, text.toString()]);
  const { 'avro.schema': schema, 'avro.codec': codec, ...metadata } = Object.fromEntries(entries);
  if (codec !== undefined && codec !== 'null') throw new SyntaxError(`Avro codec "${codec}" is not supported`);
  const sync = bytes.subarray(offset, offset + syncLength);
  return { metadata, records: [...readBlocks(bytes, offset + syncLength, sync, typeOf(schema))] };
}

function headerEntries(entries: Readonly<Record<string, string>>): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, Buffer.from(text)]));
}

function* readBlocks(bytes: Buffer, start: number, sync: Buffer, type: avro.Type): Generator<unknown> {
  let position = start;
  while (position < bytes.length) {
    const count = longs.decode(bytes, position) as { value: bigint; offset: number };
    const size = longs.decode(bytes, count.offset) as { value: bigint; offset: number };
    position = size.offset;
    for (let left = count.value; left > 0n; left--) {
      const record = type.decode(bytes, position);
      yield record.value;
      position = record.offset;
    }
    if (!bytes.subarray(position, position + syncLength).equals(sync)) throw new SyntaxError('Avro block is damaged');
    position += syncLength;
  }
}

function typeOf(schemaText: string): avro.Type {
  const known = typesBySchema.get(schemaText);
  if (known) return known;
  const type = avro.Type.forSchema(JSON.parse(schemaText), { typeHook: asLong });
  typesBySchema.set(schemaText, type);
  return type;
}

/** By name and as the base of a logical type: a registry of names would miss the latter. */
function asLong(schema: avro.Schema): avro.Type | undefined {
  const isLong = schema === 'long' || (typeof schema === 'object' && 'type' in schema && schema.type === 'long');
  return isLong ? longs : undefined;
}
