/** Thrown when bytes are not the Protocol Buffers message that they are read as. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/** A field of a message as it is encoded. */
export interface EncodedField {
  readonly number: number;
  /** The value of a varint, rounded where it is beyond 53 bits; 0 of any other field. */
  readonly integer: number;
  /** The value of any other field; empty of a varint. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the fields of a message one after another, each byte once.
 *
 * @throws {MalformedMessageError} while iterating, at the field that cannot be read
 */
export function* readFields(message: Uint8Array): Generator<EncodedField> {
  let offset = 0;
  while (offset < message.length) {
    const tag = readVarint(message, offset);
    // What is longer, another reader may cut to 32 bits and take for another field.
    if (tag.value > 0xffff_ffff) throw new MalformedMessageError(`Field tag ${tag.value} has more than 32 bits`);
    const number = Math.floor(tag.value / 8);
    const { integer, start, end } = locate(message, tag.end, tag.value % 8);
    if (!(end <= message.length) || number === 0) {
      throw new MalformedMessageError(`Field ${number} at byte ${offset} of ${message.length} cannot be read`);
    }
    yield { number, integer, bytes: start < end ? message.subarray(start, end) : empty };
    offset = end;
  }
}

/** Decodes text. @throws {MalformedMessageError} when it is not UTF-8 */
export function readText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new MalformedMessageError(`A text of ${bytes.length} bytes is not UTF-8`, { cause });
  }
}

/** Decodes packed integers, each rounded where it is beyond 53 bits. @throws {MalformedMessageError} when the last one does not end */
export function readIntegers(packed: Uint8Array): number[] {
  const values: number[] = [];
  for (let offset = 0; offset < packed.length; ) {
    const { value, end } = readVarint(packed, offset);
    values.push(value);
    offset = end;
  }
  return values;
}

const empty = new Uint8Array();
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Finds the value of a field by its wire type; its end is NaN where there is no such type. */
function locate(message: Uint8Array, offset: number, wireType: number) {
  switch (wireType) {
    case 0: {
      const { value, end } = readVarint(message, offset);
      return { integer: value, start: end, end };
    }
    case 1:
      return { integer: 0, start: offset, end: offset + 8 };
    case 2: {
      const { value, end } = readVarint(message, offset);
      return { integer: 0, start: end, end: end + value };
    }
    case 5:
      return { integer: 0, start: offset, end: offset + 4 };
    default:
      return { integer: 0, start: offset, end: Number.NaN };
  }
}

/** Seven bits a byte, the lowest first, ten bytes at most. */
function readVarint(message: Uint8Array, offset: number): { value: number; end: number } {
  let value = 0;
  let factor = 1;
  for (let end = offset; end < Math.min(offset + 10, message.length); factor *= 128) {
    const byte = message[end++]!;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end };
  }
  throw new MalformedMessageError(`The number at byte ${offset} of ${message.length} does not end`);
}
