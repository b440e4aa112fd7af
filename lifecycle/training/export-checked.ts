import { hash } from 'node:crypto';
import type { Model } from '../../ml/fitted-model.ts';
import { exportOnnx } from '../../ml/onnx/export-model.ts';
import type { Metadata } from '../../ml/onnx/graph.ts';
import { type ModelSession, openModel } from '../inference/model-session.ts';

/** A model file that is known to answer as the trainer does. */
export interface CheckedExport {
  readonly onnx: Uint8Array;
  readonly sha256: string;
  /** Largest difference of a probability from the trainer's. */
  readonly parity: number;
}

export interface ExportCheckedOptions {
  readonly model: Model;
  /** What the file says about the model beside the graph. @default - nothing */
  readonly metadata?: Metadata;
  /** Compares the file's answers with the trainer's and returns the largest difference, or throws. */
  readonly compare: (session: ModelSession) => Promise<number>;
}

/** Writes a model as ONNX, opens the file, and lets its answers be compared with the trainer's. */
export async function exportChecked({ model, metadata, compare }: ExportCheckedOptions): Promise<CheckedExport> {
  const onnx = exportOnnx(model, metadata);
  const session = await openModel(onnx);
  try {
    return { onnx, sha256: hash('sha256', onnx, 'hex'), parity: await compare(session) };
  } finally {
    await session.close();
  }
}
