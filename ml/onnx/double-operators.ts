import type { Node } from './graph.ts';

/** TensorProto.DataType. */
export const elements = { float32: 1, int64: 7, float64: 11 } as const;

/** An operator with one output. */
export function operate(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes?: Node['attributes'],
): Node {
  return { operator, inputs, outputs: [output], ...(attributes && { attributes }) };
}

/** Turns a tensor into another type. */
export function cast(input: string, output: string, element: number): Node {
  return operate('Cast', [input], output, { to: { integer: element } });
}

/** A float64 tensor of float32 values. */
export function constant(name: string, values: ArrayLike<number>, shape: readonly number[]): Node[] {
  return [
    operate('Constant', [], `${name}/values`, { value_floats: { floats: values } }),
    operate('Constant', [], `${name}/shape`, { value_ints: { integers: shape } }),
    operate('Reshape', [`${name}/values`, `${name}/shape`], `${name}/float32`),
    cast(`${name}/float32`, name, elements.float64),
  ];
}
