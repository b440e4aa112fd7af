import { bucketPrefixes } from '../../contracts/bucket-layout.ts';

/** One feature as a model learnt it. */
export interface SignatureFeature {
  readonly name: string;
  readonly kind: 'number' | 'category';
  /** Category levels that the training rows had; any other one is unseen. */
  readonly levels?: readonly string[];
}

/** What a model takes; the part `signature` of the `.json` beside the model. */
export interface ModelSignature {
  /** In the graph's order. */
  readonly features: readonly SignatureFeature[];
}

/** Key of an immutable model in the bucket. */
export function modelKey(useCase: string, sha256: string): string {
  return `${bucketPrefixes.models}${useCase}/${sha256}.onnx`;
}

/** Key of what is known about a model: `{ signature, … }`. */
export function modelCardKey(useCase: string, sha256: string): string {
  return `${bucketPrefixes.models}${useCase}/${sha256}.json`;
}
