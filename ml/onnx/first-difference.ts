import { type EncodedField, readFields, readIntegers, readText } from './read-message.ts';

/** How a field's bytes are read: a message of its own, or values. */
type Kind = Message | 'text' | 'floats' | 'integers' | 'bytes';

/** A message's fields by number, each with its name in onnx.proto; what is not named is compared as bytes. */
interface Message {
  readonly fields: Readonly<Record<number, readonly [name: string, kind: Kind]>>;
  /** The fields that tell one of several messages from another. */
  readonly label: readonly number[];
}

const attribute: Message = {
  label: [1],
  fields: {
    1: ['name', 'text'],
    2: ['f', 'floats'],
    4: ['s', 'text'],
    7: ['floats', 'floats'],
    8: ['ints', 'integers'],
    9: ['strings', 'text'],
  },
};
const node: Message = {
  label: [4, 3],
  fields: {
    1: ['input', 'text'],
    2: ['output', 'text'],
    3: ['name', 'text'],
    4: ['op_type', 'text'],
    5: ['attribute', attribute],
    7: ['domain', 'text'],
  },
};
const named: Message = { label: [1], fields: { 1: ['name', 'text'], 2: ['value', 'text'] } };
const graph: Message = {
  label: [],
  fields: { 1: ['node', node], 2: ['name', 'text'], 11: ['input', named], 12: ['output', named] },
};
const model: Message = {
  label: [],
  fields: {
    2: ['producer_name', 'text'],
    7: ['graph', graph],
    8: ['opset_import', named],
    14: ['metadata_props', named],
  },
};

/**
 * Says in words where two ONNX files, as this project writes them, first differ; undefined where they are equal.
 *
 * @throws {MalformedMessageError} when one is no ONNX file
 */
export function firstDifference(first: Uint8Array, second: Uint8Array): string | undefined {
  return compareMessages(model, first, second, []);
}

function compareMessages(
  { fields }: Message,
  first: Uint8Array,
  second: Uint8Array,
  path: readonly string[],
): string | undefined {
  if (areEqual(first, second)) return undefined;
  const [ours, theirs] = [[...readFields(first)], [...readFields(second)]];
  for (const [index, field] of ours.entries()) {
    const other = theirs[index];
    if (!other || other.number !== field.number) break;
    const [name, kind] = fields[field.number] ?? [`field ${field.number}`, 'bytes'];
    const difference =
      typeof kind === 'object'
        ? compareMessages(kind, field.bytes, other.bytes, [...path, describe(name, kind, field.bytes)])
        : compareValues(kind, field, other, [...path, name]);
    if (difference) return difference;
  }
  return `${path.join(', ') || 'the file'}: ${ours.length} entries against ${theirs.length}`;
}

function describe(name: string, { label }: Message, bytes: Uint8Array): string {
  const fields = [...readFields(bytes)];
  const words = label.flatMap(number =>
    fields.filter(field => field.number === number).map(field => readText(field.bytes)),
  );
  return words.length > 0 ? `${name} ${words.join(' ')}` : name;
}

function compareValues(
  kind: Exclude<Kind, Message>,
  first: EncodedField,
  second: EncodedField,
  path: readonly string[],
): string | undefined {
  if (first.integer === second.integer && areEqual(first.bytes, second.bytes)) return undefined;
  const [ours, theirs] = [readValues(kind, first), readValues(kind, second)];
  const place = path.join(', ');
  if (ours.length !== theirs.length) return `${place}: ${ours.length} values against ${theirs.length}`;
  const index = ours.findIndex((value, i) => !Object.is(value, theirs[i]));
  const which = ours.length > 1 ? `, value ${index + 1} of ${ours.length}` : '';
  return `${place}${which}: ${ours[index]} against ${theirs[index]}`;
}

function readValues(kind: Exclude<Kind, Message>, { bytes, integer }: EncodedField): readonly (string | number)[] {
  if (kind === 'text') return [JSON.stringify(readText(bytes))];
  if (bytes.length === 0) return [integer];
  if (kind === 'integers') return readIntegers(bytes);
  if (kind === 'bytes') return [...bytes];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

function areEqual(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, i) => byte === second[i]);
}
