import {
  bytesField,
  concatenate,
  type Field,
  floatField,
  floatsField,
  integerField,
  integersField,
  message,
  stringField,
} from './protobuf.ts';

/** Value of an operator's attribute; numbers in `floats` are rounded to float32. */
export type Attribute =
  | { readonly float: number }
  | { readonly integer: number }
  | { readonly text: string }
  | { readonly floats: ArrayLike<number> }
  | { readonly integers: readonly number[] }
  | { readonly texts: readonly string[] };

/** One operator of a graph; tensors are known by name. */
export interface Node {
  readonly operator: string;
  /** @default - ONNX's own operators */
  readonly domain?: typeof mlDomain;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** An input or output of a graph. */
export interface TensorType {
  readonly name: string;
  readonly element: keyof typeof elementTypes;
  /** A text is a dimension that callers choose. */
  readonly shape: readonly (number | string)[];
}

/** A graph that computes outputs from inputs; nodes in an order in which each follows those it reads. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly TensorType[];
  readonly outputs: readonly TensorType[];
  readonly nodes: readonly Node[];
}

/** What a file says about its model, beside the graph: texts by name. */
export type Metadata = Readonly<Record<string, string>>;

/** Number of ModelProto's field metadata_props: entries of StringStringEntryProto, key 1 and value 2. */
export const metadataField = 14;

/** The domain of ONNX's operators for classical machine learning. */
export const mlDomain = 'ai.onnx.ml';

/**
 * Writes an ONNX file; the same graph and metadata give the same bytes.
 *
 * Field numbers are those of ModelProto in onnx.proto: ir_version 1, producer_name 2, graph 7, opset_import 8, metadata_props 14.
 *
 * @throws {RangeError} when two tensors have one name: a feature is named as something inside the graph
 */
export function writeModel(graph: Graph, metadata: Metadata = {}): Uint8Array {
  requireOwnNames(graph);
  return message(
    integerField(1, irVersion),
    stringField(2, 'perennial'),
    bytesField(7, graphProto(graph)),
    bytesField(8, message(stringField(1, ''), integerField(2, operatorSet))),
    bytesField(8, message(stringField(1, mlDomain), integerField(2, mlOperatorSet))),
    ...Object.entries(metadata).map(([key, value]) =>
      bytesField(metadataField, message(stringField(1, key), stringField(2, value))),
    ),
  );
}

function requireOwnNames({ inputs, nodes }: Graph): void {
  const names = new Set<string>();
  for (const name of [...inputs.map(input => input.name), ...nodes.flatMap(({ outputs }) => outputs)]) {
    if (names.has(name)) throw new RangeError(`Cannot write a graph with two tensors "${name}": rename that feature`);
    names.add(name);
  }
}

/** Of ONNX 1.12: what every runtime of the last years reads. */
const irVersion = 8;
const operatorSet = 17;
const mlOperatorSet = 3;

/** TensorProto.DataType. */
const elementTypes = { float32: 1, int64: 7, string: 8 } as const;

/** GraphProto: node 1, name 2, input 11, output 12. */
function graphProto({ name, inputs, outputs, nodes }: Graph): Uint8Array {
  return message(
    ...nodes.map(node => bytesField(1, nodeProto(node))),
    stringField(2, name),
    ...inputs.map(input => bytesField(11, valueInfoProto(input))),
    ...outputs.map(output => bytesField(12, valueInfoProto(output))),
  );
}

/** NodeProto: input 1, output 2, name 3, op_type 4, attribute 5, domain 7. */
function nodeProto({ operator, domain, inputs, outputs, attributes = {} }: Node): Uint8Array {
  return message(
    ...inputs.map(input => stringField(1, input)),
    ...outputs.map(output => stringField(2, output)),
    stringField(3, outputs[0]!),
    stringField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => bytesField(5, attributeProto(name, value))),
    ...(domain === undefined ? [] : [stringField(7, domain)]),
  );
}

/** AttributeProto: name 1, f 2, i 3, s 4, floats 7, ints 8, strings 9, type 20. */
function attributeProto(name: string, value: Attribute): Uint8Array {
  const typed = (type: number, field: Field) => message(stringField(1, name), field, integerField(20, type));
  if ('float' in value) return typed(1, floatField(2, value.float));
  if ('integer' in value) return typed(2, integerField(3, value.integer));
  if ('text' in value) return typed(3, stringField(4, value.text));
  if ('floats' in value) return typed(6, floatsField(7, value.floats));
  if ('integers' in value) return typed(7, integersField(8, value.integers));
  return typed(8, concatenate(value.texts.map(text => stringField(9, text))));
}

/** ValueInfoProto: name 1, type 2 → TypeProto: tensor_type 1 → Tensor: elem_type 1, shape 2 → TensorShapeProto: dim 1 → Dimension: dim_value 1, dim_param 2. */
function valueInfoProto({ name, element, shape }: TensorType): Uint8Array {
  const dimensions = shape.map(size =>
    bytesField(1, typeof size === 'number' ? message(integerField(1, size)) : message(stringField(2, size))),
  );
  const tensor = message(integerField(1, elementTypes[element]), bytesField(2, message(...dimensions)));
  return message(stringField(1, name), bytesField(2, message(bytesField(1, tensor))));
}
