/** A logistic model with a coefficient per number and per level, as ONNX. A missing number counts as 0, a missing level as none. */
export interface SmallModel {
  readonly numbers: Readonly<Record<string, number>>;
  readonly categories?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly intercept?: number;
  /** Whether a level that is not among the categories' fails the run; `''` is the missing one. @default - it counts for nothing */
  readonly unseenFails?: boolean;
  /** Nodes that change nothing and that every run goes through: they make it slow. @default - none */
  readonly detours?: number;
  /** Name of the output with the probabilities. @default - as the model contract says */
  readonly output?: string;
}

/** Writes the model with a protobuf writer of its own, so that reading is tested against something other than our exporter. */
export function writeSmallModel({
  numbers,
  categories = {},
  intercept = 0,
  unseenFails = false,
  detours = 0,
  output = 'probabilities',
}: SmallModel): Uint8Array {
  const numberNames = Object.keys(numbers);
  const categoryNames = Object.keys(categories);
  const weights = [...Object.values(numbers), ...Object.values(categories).flatMap(levels => Object.values(levels))];
  const nodes = [
    ...numberNames.map(name =>
      node(
        'Imputer',
        [name],
        [`${name}_known`],
        [floats('imputed_value_floats', [0]), float('replaced_value_float', Number.NaN)],
      ),
    ),
    ...categoryNames.flatMap(name => [
      node(
        'OneHotEncoder',
        [name],
        [`${name}_levels`],
        [strings('cats_strings', Object.keys(categories[name]!)), integer('zeros', unseenFails ? 0 : 1)],
      ),
      node('Flatten', [`${name}_levels`], [`${name}_known`], [integer('axis', 1)], ''),
    ]),
    node(
      'Concat',
      [...numberNames, ...categoryNames].map(name => `${name}_known`),
      ['#joined'],
      [integer('axis', 1)],
      '',
    ),
    ...Array.from({ length: detours }, (_, index) =>
      node(
        'Imputer',
        [joined(index)],
        [joined(index + 1)],
        [floats('imputed_value_floats', [0]), float('replaced_value_float', Number.NaN)],
      ),
    ),
    node(
      'LinearClassifier',
      [joined(detours)],
      ['label', output],
      [
        floats('coefficients', [...weights.map(weight => -weight), ...weights]),
        floats('intercepts', [-intercept, intercept]),
        integers('classlabels_ints', [0, 1]),
        text('post_transform', 'LOGISTIC'),
      ],
    ),
  ];
  const graph = [
    ...nodes.flatMap(bytes => message(1, bytes)),
    ...message(2, utf8('graph')),
    ...numberNames.flatMap(name => message(11, valueInfo(name, 1, 1))),
    ...categoryNames.flatMap(name => message(11, valueInfo(name, 8, 1))),
    ...message(12, valueInfo('label', 7)),
    ...message(12, valueInfo(output, 1, 2)),
  ];
  const opset = (domain: string, version: number) => message(8, [...message(1, utf8(domain)), ...scalar(2, version)]);
  return new Uint8Array([...scalar(1, 8), ...message(7, graph), ...opset('', 17), ...opset('ai.onnx.ml', 3)]);
}

/** Name of the joined features after so many detours. */
function joined(detours: number): string {
  return detours === 0 ? '#joined' : `#joined_${detours}`;
}

function node(type: string, inputs: string[], outputs: string[], attributes: number[][], domain = 'ai.onnx.ml') {
  return [
    ...inputs.flatMap(name => message(1, utf8(name))),
    ...outputs.flatMap(name => message(2, utf8(name))),
    ...message(4, utf8(type)),
    ...attributes.flatMap(bytes => message(5, bytes)),
    ...message(7, utf8(domain)),
  ];
}

const attribute = (name: string, type: number, value: number[]) => [
  ...message(1, utf8(name)),
  ...value,
  ...scalar(20, type),
];
const float = (name: string, value: number) => attribute(name, 1, [(2 << 3) | 5, ...float32([value])]);
const integer = (name: string, value: number) => attribute(name, 2, scalar(3, value));
const text = (name: string, value: string) => attribute(name, 3, message(4, utf8(value)));
const floats = (name: string, values: number[]) => attribute(name, 6, message(7, float32(values)));
const integers = (name: string, values: number[]) =>
  attribute(
    name,
    7,
    values.flatMap(value => scalar(8, value)),
  );
const strings = (name: string, values: string[]) =>
  attribute(
    name,
    8,
    values.flatMap(value => message(9, utf8(value))),
  );

/** `[N]` or, with `width`, `[N, width]`. */
function valueInfo(name: string, elementType: number, width?: number): number[] {
  const dimensions = [...message(1, message(2, utf8('N'))), ...(width ? message(1, scalar(1, width)) : [])];
  const tensor = [...scalar(1, elementType), ...message(2, dimensions)];
  return [...message(1, utf8(name)), ...message(2, message(1, tensor))];
}

const message = (field: number, bytes: number[]) => [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
const scalar = (field: number, value: number) => [...varint(field << 3), ...varint(value)];
const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]);
const utf8 = (value: string) => [...new TextEncoder().encode(value)];
const float32 = (values: number[]) => [...new Uint8Array(Float32Array.from(values).buffer)];
