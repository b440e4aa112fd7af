/** An encoded field of a Protocol Buffers message: its tag and its value. */
export type Field = Uint8Array;

/** A message: its fields one after another. */
export function message(...fields: readonly Field[]): Uint8Array {
  return concatenate(fields);
}

/** Any number of fields one after another, as one. */
export function concatenate(fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0));
  let offset = 0;
  for (const field of fields) {
    bytes.set(field, offset);
    offset += field.length;
  }
  return bytes;
}

/** A field of bytes: a nested message, packed numbers or any bytes. */
export function bytesField(number: number, bytes: Uint8Array): Field {
  return message(tag(number, wireTypes.lengthDelimited), varint(bytes.length), bytes);
}

/** A `string` field, or text in a `bytes` field. */
export function stringField(number: number, text: string): Field {
  return bytesField(number, new TextEncoder().encode(text));
}

/** An integer or enum field. @param value a safe integer, 0 or above */
export function integerField(number: number, value: number): Field {
  return message(tag(number, wireTypes.varint), varint(value));
}

/** A `repeated` integer field, packed. */
export function integersField(number: number, values: readonly number[]): Field {
  return bytesField(number, concatenate(values.map(varint)));
}

/** A `float` field. */
export function floatField(number: number, value: number): Field {
  return message(tag(number, wireTypes.fixed32), floatBytes([value]));
}

/** A `repeated float` field, packed. */
export function floatsField(number: number, values: ArrayLike<number>): Field {
  return bytesField(number, floatBytes(values));
}

const wireTypes = { varint: 0, lengthDelimited: 2, fixed32: 5 } as const;

function tag(number: number, wireType: number): Uint8Array {
  return varint(number * 8 + wireType);
}

/** Seven bits a byte, the lowest first; a set high bit says that more follow. */
function varint(value: number): Uint8Array {
  if (!(Number.isSafeInteger(value) && value >= 0)) {
    throw new RangeError(`Cannot write ${value} as a varint: expected a safe integer, 0 or above`);
  }
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** Little-endian on every machine. */
function floatBytes(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
  return new Uint8Array(view.buffer);
}
