import { Readable } from 'node:stream';
import avro from 'avsc';
import fc from 'fast-check';
import { parseAvroFile, printAvroFile } from '../../../local/iceberg/avro-file.ts';

const schema = {
  type: 'record',
  name: 'row',
  fields: [
    { name: 'id', type: 'int', 'field-id': 7 },
    { name: 'note', type: ['null', 'string'], default: null, 'field-id': 8 },
  ],
};

test('any rows come back, and a generic Avro reader finds the same', async () => {
  const rows = fc.array(fc.record({ id: fc.integer(), note: fc.option(fc.string({ unit: 'binary' })) }));
  await fc.assert(
    fc.asyncProperty(rows, async records => {
      const bytes = printAvroFile(schema, { metadata: { key: 'välue' }, records });
      expect(plain(parseAvroFile(bytes))).toEqual({ metadata: { key: 'välue' }, records });
      expect(await readWithAvsc(bytes)).toEqual({ key: 'välue', records });
    }),
    { numRuns: 50 },
  );
});

test('the header keeps the field ids', () => {
  const bytes = printAvroFile(schema, { metadata: {}, records: [] });
  expect(bytes.toString('latin1')).toContain(JSON.stringify(schema));
});

test('longs of 64 bits are bigints', () => {
  const long = { type: 'record', name: 'row', fields: [{ name: 'n', type: 'long' }] };
  const records = [{ n: 2n ** 62n + 1n }, { n: -1n }, { n: -(2n ** 63n) }, { n: 2n ** 63n - 1n }];
  const bytes = printAvroFile(long, { metadata: {}, records });
  expect(plain(parseAvroFile(bytes)).records).toEqual(records);
});

test('a file of several blocks is read to its end', async () => {
  const type = avro.Type.forSchema(schema as avro.Schema);
  const encoder = new avro.streams.BlockEncoder(type, { blockSize: 8 } as object);
  const records = Array.from({ length: 50 }, (_, id) => ({ id, note: `note ${id}` }));
  for (const record of records) encoder.write(record);
  encoder.end();
  const bytes = Buffer.concat(await encoder.toArray());
  expect(plain(parseAvroFile(bytes)).records).toEqual(records);
});

test('what is no Avro file, is damaged or compressed is refused', () => {
  const bytes = printAvroFile(schema, { metadata: {}, records: [{ id: 1, note: 'x' }] });
  expect(() => parseAvroFile(Buffer.from('PAR1'))).toThrow('Not an Avro container file');
  expect(() => parseAvroFile(Buffer.alloc(0))).toThrow(SyntaxError);
  const damaged = Buffer.from(bytes);
  damaged[bytes.length - 1]! ^= 1;
  expect(() => parseAvroFile(damaged)).toThrow('damaged');
  const compressed = Buffer.from(bytes.toString('latin1').replace(/(avro\.codec.)null/s, '$1zstd'), 'latin1');
  expect(() => parseAvroFile(compressed)).toThrow('codec "zstd" is not supported');
});

/** Records without the classes that avsc gives them. */
function plain({ metadata, records }: ReturnType<typeof parseAvroFile>) {
  return { metadata, records: records.map(record => ({ ...(record as object) })) };
}

async function readWithAvsc(bytes: Buffer) {
  const decoder = new avro.streams.BlockDecoder();
  let header: Record<string, Buffer> = {};
  decoder.on('metadata', (_type: unknown, _codec: unknown, { meta }: { meta: Record<string, Buffer> }) => {
    header = meta;
  });
  const records = await Readable.from([bytes]).pipe(decoder).toArray();
  return { key: header.key?.toString(), records: records.map(record => ({ ...record })) };
}
