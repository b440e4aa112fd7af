import { type EncodedField, MalformedMessageError, readFields, readText } from './read-message.ts';

/** An operator of a graph, as `ai.onnx.ml` `Scaler`. */
export interface OperatorUse {
  /** `ai.onnx` of ONNX's own. */
  readonly domain: string;
  readonly operator: string;
}

/** An input or output of a graph. */
export interface DeclaredTensor {
  readonly name: string;
  /** `float32`, `string` …; `unknown` where it is no tensor. */
  readonly element: string;
  /** A dimension without a number is null; the whole is null where it is not declared. */
  readonly shape: readonly (number | null)[] | null;
}

/** What an ONNX file consists of, as far as it decides whether the file may run. */
export interface ModelOutline {
  /** Those that a caller has to give: inputs with a stored default are none. */
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  /** Each operator once, in the order of first use. */
  readonly operators: readonly OperatorUse[];
  /** Names of tensors whose values are in other files. */
  readonly externalTensors: readonly string[];
  /** Operators that hold a graph of their own: loops, conditions. */
  readonly withSubgraphs: readonly OperatorUse[];
  /** Operators that the file defines itself. */
  readonly functions: number;
}

/**
 * Reads an ONNX file without running anything of it. What is kept of a file is small, however many fields it has.
 *
 * Field numbers are those of onnx.proto. ModelProto: ir_version 1, graph 7, training_info 20, functions 25.
 * GraphProto: node 1, initializer 5, input 11, output 12, sparse_initializer 15.
 *
 * @throws {MalformedMessageError} when the bytes are no ONNX model
 */
export function readModel(onnx: Uint8Array): ModelOutline {
  const model = fieldsOf(onnx, 1, 7, 20, 25);
  const version = only(model, 1)?.integer ?? 0;
  const graphField = only(model, 7);
  if (version < 1 || !graphField) throw new MalformedMessageError('There is no ONNX version and graph');
  const graph = fieldsOf(graphField.bytes, 1, 5, 11, 12, 15);
  const nodes = all(graph, 1).map(({ bytes }) => readNode(bytes));
  if (nodes.length === 0) throw new MalformedMessageError('The graph has no operator');
  const sparse = all(graph, 15).flatMap(({ bytes }) => sparseParts(bytes));
  const initializers = [...all(graph, 5).map(({ bytes }) => bytes), ...sparse].map(readTensor);
  const defaults = new Set(initializers.map(({ name }) => name));
  return {
    inputs: all(graph, 11)
      .map(({ bytes }) => readDeclared(bytes))
      .filter(({ name }) => !defaults.has(name)),
    outputs: all(graph, 12).map(({ bytes }) => readDeclared(bytes)),
    operators: distinct(nodes.map(({ use }) => use)),
    externalTensors: [
      ...initializers.filter(({ isExternal }) => isExternal).map(({ name }) => name),
      ...nodes.flatMap(({ externalTensors }) => externalTensors),
    ],
    withSubgraphs: distinct(nodes.filter(({ hasSubgraph }) => hasSubgraph).map(({ use }) => use)),
    functions: all(model, 25).length + all(model, 20).length,
  };
}

type Fields = ReadonlyMap<number, readonly EncodedField[]>;

/** More of the fields that matter have no model, but a file that is made to fill the memory. */
const mostFields = 100_000;

/** Reads the fields of these numbers and passes over all others: a large model has millions of them. */
function fieldsOf(message: Uint8Array, ...numbers: readonly number[]): Fields {
  const found = new Map<number, EncodedField[]>(numbers.map(number => [number, []]));
  let count = 0;
  for (const field of readFields(message)) {
    const fields = found.get(field.number);
    if (fields && ++count > mostFields) throw new MalformedMessageError(`There are more than ${mostFields} of a kind`);
    fields?.push(field);
  }
  return found;
}

function all(fields: Fields, number: number): readonly EncodedField[] {
  return fields.get(number) ?? [];
}

/** A field that stands once at most. Of two, one reader takes the last and another merges them: what was checked would not be what runs. */
function only(fields: Fields, number: number): EncodedField | undefined {
  const [field, second] = all(fields, number);
  if (second) throw new MalformedMessageError(`Field ${number} is given twice`);
  return field;
}

function textOf(fields: Fields, number: number): string {
  return readText(only(fields, number)?.bytes ?? new Uint8Array());
}

/** NodeProto: op_type 4, attribute 5, domain 7. */
function readNode(bytes: Uint8Array) {
  const node = fieldsOf(bytes, 4, 5, 7);
  const attributes = all(node, 5).map(attribute => readAttribute(attribute.bytes));
  const use: OperatorUse = { domain: textOf(node, 7) || 'ai.onnx', operator: textOf(node, 4) };
  return {
    use,
    hasSubgraph: attributes.some(({ hasSubgraph }) => hasSubgraph),
    externalTensors: attributes.flatMap(({ externalTensors }) => externalTensors),
  };
}

/** AttributeProto: t 5, g 6, tensors 10, graphs 11, sparse_tensor 22, sparse_tensors 23. */
function readAttribute(bytes: Uint8Array) {
  const attribute = fieldsOf(bytes, 5, 6, 10, 11, 22, 23);
  const dense = [5, 10].flatMap(number => all(attribute, number)).map(field => field.bytes);
  const sparse = [22, 23].flatMap(number => all(attribute, number)).flatMap(field => sparseParts(field.bytes));
  const tensors = [...dense, ...sparse].map(readTensor);
  return {
    hasSubgraph: all(attribute, 6).length + all(attribute, 11).length > 0,
    externalTensors: tensors.filter(({ isExternal }) => isExternal).map(({ name }) => name),
  };
}

/** SparseTensorProto: values 1, indices 2. */
function sparseParts(bytes: Uint8Array): Uint8Array[] {
  const sparse = fieldsOf(bytes, 1, 2);
  return [1, 2].flatMap(number => all(sparse, number)).map(field => field.bytes);
}

/** TensorProto: name 8, external_data 13, data_location 14. */
function readTensor(bytes: Uint8Array) {
  const tensor = fieldsOf(bytes, 8, 13, 14);
  const isExternal = all(tensor, 13).length > 0 || all(tensor, 14).some(({ integer }) => integer !== 0);
  return { name: textOf(tensor, 8), isExternal };
}

/** ValueInfoProto: name 1, type 2 → TypeProto: tensor_type 1 → Tensor: elem_type 1, shape 2 → TensorShapeProto: dim 1 → Dimension: dim_value 1. */
function readDeclared(bytes: Uint8Array): DeclaredTensor {
  const declared = fieldsOf(bytes, 1, 2);
  const tensor = inner(inner(declared, 2, 1), 1, 1, 2);
  const shape = inner(tensor, 2, 1);
  return {
    name: textOf(declared, 1),
    element: elementNames[(tensor && only(tensor, 1)?.integer) ?? 0] ?? 'unknown',
    shape: shape ? all(shape, 1).map(dimension => only(fieldsOf(dimension.bytes, 1), 1)?.integer ?? null) : null,
  };
}

function inner(fields: Fields | undefined, number: number, ...numbers: readonly number[]): Fields | undefined {
  const field = fields && only(fields, number);
  return field && fieldsOf(field.bytes, ...numbers);
}

/** TensorProto.DataType, by number. */
const elementNames = [
  'unknown',
  ...['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string', 'bool', 'float16', 'float64'],
];

function distinct(uses: readonly OperatorUse[]): OperatorUse[] {
  return [...new Map(uses.map(use => [`${use.domain} ${use.operator}`, use])).values()];
}
