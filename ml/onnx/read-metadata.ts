import { type Metadata, metadataField } from './graph.ts';

/**
 * Reads what an ONNX file says about its model; the graph is passed over.
 *
 * @throws {RangeError} when the bytes are no Protocol Buffers message
 */
export function readMetadata(onnx: Uint8Array): Metadata {
  const entries = [...fieldsOf(onnx)]
    .filter(({ number }) => number === metadataField)
    .map(({ bytes }) => {
      const texts = new Map([...fieldsOf(bytes)].map(field => [field.number, new TextDecoder().decode(field.bytes)]));
      return [texts.get(1) ?? '', texts.get(2) ?? ''];
    });
  return Object.fromEntries(entries);
}

interface EncodedField {
  readonly number: number;
  /** The value; empty where it is a varint. */
  readonly bytes: Uint8Array;
}

function* fieldsOf(message: Uint8Array): Generator<EncodedField> {
  let offset = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[offset++];
      if (byte === undefined) throw new RangeError('Cannot read a message: it ends within a number');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  /** Reads how long a value is, by its wire type. A varint is read as a whole. */
  const lengths: Readonly<Record<number, () => number>> = { 0: () => varint() * 0, 1: () => 8, 2: varint, 5: () => 4 };
  while (offset < message.length) {
    const tag = varint();
    const length = lengths[tag % 8]?.() ?? Number.NaN;
    const number = Math.floor(tag / 8);
    if (!(offset + length <= message.length)) throw new RangeError(`Cannot read field ${number} of a message`);
    yield { number, bytes: message.subarray(offset, offset + length) };
    offset += length;
  }
}
