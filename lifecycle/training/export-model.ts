import { hash } from 'node:crypto';
import { exportOnnx } from '../../ml/onnx/export-model.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import { openModel } from '../inference/model-session.ts';
import type { GoldenRow } from '../registry/model-card.ts';
import { checkParity } from './check-parity.ts';
import type { FittedTrial } from './fit-trial.ts';
import { pickGoldenColumns, writeInstances } from './golden-rows.ts';
import { takeRows } from './take-rows.ts';

/** A model file that is known to answer as the trainer does. */
export interface ExportedModel {
  readonly onnx: Uint8Array;
  readonly sha256: string;
  /** Largest difference of a probability from the trainer's. */
  readonly parity: number;
  readonly goldenRows: readonly GoldenRow[];
}

/**
 * Writes a model as ONNX and compares its answers with the trainer's: on the holdout, and on golden rows, which have missing and unseen values.
 *
 * @throws {ModelParityError}
 */
export async function exportModel(
  useCase: UseCase,
  { columns }: Dataset,
  { model, holdoutRows, trainingRows }: FittedTrial,
): Promise<ExportedModel> {
  const onnx = exportOnnx(model);
  const golden = pickGoldenColumns(columns, holdoutRows.length > 0 ? holdoutRows : trainingRows);
  const instances = writeInstances(useCase, golden);
  const probabilities = model.predict(golden);
  const session = await openModel(onnx);
  try {
    const onHoldout = checkParity(
      await session.score(takeRows(columns, holdoutRows)),
      model.predict(columns, holdoutRows),
    );
    const onGolden = checkParity(await session.scoreInstances(instances), probabilities);
    return {
      onnx,
      sha256: hash('sha256', onnx, 'hex'),
      parity: Math.max(onHoldout, onGolden),
      goldenRows: instances.map((instance, row) => ({ instance, probability: probabilities[row]! })),
    };
  } finally {
    await session.close();
  }
}
