import type { CategoryEncoding, NumberEncoding, Preprocessing } from '../preprocessing/fit-preprocessing.ts';
import { mlDomain, type Node, type TensorType } from './graph.ts';

/** The part of a graph that turns raw features into the columns of a linear model. */
export interface PreprocessingGraph {
  /** One per feature: float32 [N, 1] with NaN for missing, or string [N, 1] with '' for missing. */
  readonly inputs: readonly TensorType[];
  readonly nodes: readonly Node[];
  /** Name of the tensor, float32 [N, columns]. */
  readonly output: string;
}

/** Name of the dimension of rows. */
export const rowsDimension = 'N';

/** What every exported classifier answers. */
export const classifierOutputs: readonly TensorType[] = [
  { name: 'label', element: 'int64', shape: [rowsDimension] },
  { name: 'probabilities', element: 'float32', shape: [rowsDimension, 2] },
];

/**
 * Writes imputation, standardization and one-hot encoding as operators. Inner tensors are named `feature/step`, which no feature's own name can be.
 *
 * @throws {RangeError} when there is no column at all
 */
export function writePreprocessing({ features }: Preprocessing): PreprocessingGraph {
  const numbers = features.filter(feature => feature.kind === 'number');
  // A category that was always missing has no level and so no column; its input stays, unread.
  const categories = features.filter(feature => feature.kind === 'category').filter(({ levels }) => levels.length > 0);
  const parts = [...(numbers.length > 0 ? [encodeNumbers(numbers)] : []), ...categories.map(encodeCategory)];
  const output = 'features/encoded';
  if (parts.length === 0)
    throw new RangeError('Cannot export a model without a column: every feature was always missing');
  return {
    inputs: features.map(featureInput),
    nodes: [
      ...parts.flatMap(({ nodes }) => nodes),
      concat(
        parts.map(part => part.output),
        output,
      ),
    ],
    output,
  };
}

/** The input of a feature. */
export function featureInput({
  name,
  kind,
}: {
  readonly name: string;
  readonly kind: 'number' | 'category';
}): TensorType {
  return { name, element: kind === 'number' ? 'float32' : 'string', shape: [rowsDimension, 1] };
}

interface Part {
  readonly nodes: readonly Node[];
  readonly output: string;
}

function encodeNumbers(numbers: readonly NumberEncoding[]): Part {
  const joined = 'numbers/joined';
  const imputed = 'numbers/imputed';
  const scaled = 'numbers/scaled';
  return {
    nodes: [
      concat(
        numbers.map(({ name }) => name),
        joined,
      ),
      {
        operator: 'Imputer',
        domain: mlDomain,
        inputs: [joined],
        outputs: [imputed],
        attributes: {
          imputed_value_floats: { floats: numbers.map(number => number.imputed) },
          replaced_value_float: { float: Number.NaN },
        },
      },
      {
        operator: 'Scaler',
        domain: mlDomain,
        inputs: [imputed],
        outputs: [scaled],
        attributes: {
          offset: { floats: numbers.map(number => number.offset) },
          scale: { floats: numbers.map(number => number.scale) },
        },
      },
    ],
    output: scaled,
  };
}

/** Level → its number, '' → the most frequent level's, anything else → a number that no column stands for. */
function encodeCategory({ name, levels, imputed }: CategoryEncoding): Part {
  const code = `${name}/code`;
  const oneHot = `${name}/one-hot`;
  const flat = `${name}/columns`;
  const numbered = levels.map((level, i) => ({ level, code: level === '' ? imputed : i }));
  if (!levels.includes('')) numbered.push({ level: '', code: imputed });
  return {
    nodes: [
      {
        operator: 'LabelEncoder',
        domain: mlDomain,
        inputs: [name],
        outputs: [code],
        attributes: {
          keys_strings: { texts: numbered.map(({ level }) => level) },
          values_int64s: { integers: numbered.map(entry => entry.code) },
          default_int64: { integer: levels.length },
        },
      },
      {
        operator: 'OneHotEncoder',
        domain: mlDomain,
        inputs: [code],
        outputs: [oneHot],
        attributes: { cats_int64s: { integers: levels.map((_, i) => i) }, zeros: { integer: 1 } },
      },
      { operator: 'Flatten', inputs: [oneHot], outputs: [flat], attributes: { axis: { integer: 1 } } },
    ],
    output: flat,
  };
}

/** Joins tensors of the same rows side by side. */
export function concat(inputs: readonly string[], output: string): Node {
  return { operator: 'Concat', inputs, outputs: [output], attributes: { axis: { integer: 1 } } };
}
