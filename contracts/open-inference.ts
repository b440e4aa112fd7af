/** Bodies of the Open Inference Protocol v2 (REST), as far as they are spoken here. */

/** An input or output as metadata describes it; −1 is a dimension that callers choose. */
export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** What `GET /v2` answers. */
export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}

/** What a model takes and answers; `versions` are the newest. */
export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** Whether a model is there to answer. */
export interface ModelReady {
  readonly name: string;
  readonly ready: boolean;
}

/** Values of one output, in the order of the rows. */
export interface OutputTensor extends TensorMetadata {
  readonly data: readonly (string | number | boolean)[];
}

/** Answer to a request of tensors. */
export interface InferenceResponse {
  readonly model_name: string;
  /** Absent when variants of several versions answered. */
  readonly model_version?: string;
  readonly id?: string;
  readonly outputs: readonly OutputTensor[];
}
