import type { Prediction } from '../../contracts/http.ts';
import type { InferenceResponse, ModelMetadata, OutputTensor, TensorMetadata } from '../../contracts/open-inference.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';

/** Describes a use case as a model of the Open Inference Protocol: one input per feature. */
export function describeModel({ id, features }: UseCase, versions: readonly number[]): ModelMetadata {
  return {
    name: id,
    versions: versions.map(String),
    platform: 'onnx_onnxruntime',
    inputs: Object.entries(features).map(([name, feature]) => ({
      name,
      datatype: datatypeOf(feature),
      shape: [-1, 1],
    })),
    outputs: Object.entries(outputs).map(([name, { datatype }]) => ({ name, datatype, shape: [-1] })),
  };
}

/** What an answer is written from. */
export interface AnsweredRequest {
  readonly id: string | undefined;
  /** Names of the outputs that are wanted; undefined for all. */
  readonly outputs: readonly string[] | undefined;
  readonly predictions: readonly Prediction[];
}

/** Writes predictions as tensors, in the order of the rows. */
export function writeResponse(
  { id: model }: UseCase,
  { id, outputs: wanted, predictions }: AnsweredRequest,
): InferenceResponse {
  const versions = new Set(predictions.map(({ version }) => version));
  const [version] = versions.size === 1 ? versions : [];
  return {
    model_name: model,
    ...(version !== undefined && { model_version: String(version) }),
    ...(id !== undefined && { id }),
    outputs: (wanted ?? outputNames).map(name => writeOutput(name, predictions)),
  };
}

type Output = Pick<TensorMetadata, 'datatype'> & {
  readonly read: (prediction: Prediction) => string | number | boolean;
};

const outputs: Readonly<Record<string, Output>> = {
  probability: { datatype: 'FP64', read: ({ probability }) => probability },
  decision: { datatype: 'BOOL', read: ({ decision }) => decision },
  threshold: { datatype: 'FP64', read: ({ threshold }) => threshold },
  version: { datatype: 'INT64', read: ({ version }) => version },
  variant: { datatype: 'BYTES', read: ({ variant }) => variant },
  prediction_id: { datatype: 'BYTES', read: ({ predictionId }) => predictionId },
};

/** Names of all outputs. */
export const outputNames: readonly string[] = Object.keys(outputs);

function writeOutput(name: string, predictions: readonly Prediction[]): OutputTensor {
  const { datatype, read } = outputs[name]!;
  return { name, datatype, shape: [predictions.length], data: predictions.map(read) };
}

function datatypeOf({ type }: Feature): string {
  if (type === 'category') return 'BYTES';
  if (type === 'boolean') return 'BOOL';
  return type === 'integer' ? 'INT64' : 'FP64';
}
