import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Instance } from '../../contracts/http.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import type { Evaluation, FoldMetrics } from '../training/evaluation.ts';
import type { Run } from './runs.ts';

/** What a model takes and answers. */
export interface Signature {
  /** Features in the graph's order; levels are those that the training rows could have. */
  readonly features: Readonly<Record<string, Feature>>;
  readonly label: Pick<UseCase['label'], 'column' | 'meaning' | 'positive' | 'negative'>;
}

/** A real row, in parts blanked or altered, and what the trainer answers for it. */
export interface GoldenRow {
  readonly instance: Instance;
  readonly probability: number;
}

/** What stands beside a model file, as JSON. */
export interface ModelDocument extends Pick<Run, 'runId' | 'useCase' | 'parameters' | 'seed' | 'manifestKey' | 'tags'> {
  readonly modelSha256: string;
  readonly signature: Signature;
  readonly threshold: number;
  readonly metrics: { readonly outOfFold: Evaluation; readonly holdout: Evaluation };
  readonly foldMetrics: FoldMetrics;
  readonly goldenRows: readonly GoldenRow[];
}

/** Key of a model's ONNX file. */
export function modelKey(useCase: string, sha256: string): string {
  return `${bucketPrefixes.models}${useCase}/${sha256}.onnx`;
}

/** Key of the document beside it. */
export function modelDocumentKey(useCase: string, sha256: string): string {
  return `${bucketPrefixes.models}${useCase}/${sha256}.json`;
}
