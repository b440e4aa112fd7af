import type { Candidate } from '../../ml/model.ts';
import type { Metadata } from '../../ml/onnx/graph.ts';
import { readMetadata } from '../../ml/onnx/read-metadata.ts';
import type { ColumnType } from '../datasets/infer-columns.ts';

/** How a model's probabilities become decisions, in the words of the file that it was trained on. */
export interface DecisionRule {
  /** Probability at or above which the decision is positive. */
  readonly threshold: number;
  readonly positive: string;
  readonly negative: string;
}

/** What a model that was trained on a file says about itself, in the file's own words. */
export interface FileSignature extends DecisionRule {
  /** Name of the label's column. */
  readonly label: string;
  readonly features: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly candidate: Candidate;
  readonly seed: number;
}

/** Writes a signature as entries of an ONNX file's metadata: what is no text, as JSON. */
export function writeFileSignature({ candidate, ...signature }: FileSignature): Metadata {
  const { algorithm, ...parameters } = candidate;
  return {
    'perennial.label': signature.label,
    'perennial.positive': signature.positive,
    'perennial.negative': signature.negative,
    'perennial.threshold': JSON.stringify(signature.threshold),
    'perennial.features': JSON.stringify(signature.features.map(({ name, type }) => ({ name, type }))),
    'perennial.algorithm': algorithm,
    'perennial.parameters': JSON.stringify(parameters),
    'perennial.seed': JSON.stringify(signature.seed),
  };
}

/** Reads how to decide by a model. One that does not say it decides 1 from .5 on, else 0. */
export function readDecisionRule(onnx: Uint8Array): DecisionRule {
  const metadata = readMetadata(onnx);
  return {
    threshold: Number(metadata['perennial.threshold'] ?? 0.5),
    positive: metadata['perennial.positive'] ?? '1',
    negative: metadata['perennial.negative'] ?? '0',
  };
}
