import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Dataset } from '../datasets/read-dataset.ts';
import type { GoldenRow } from '../registry/model-card.ts';
import { checkParity } from './check-parity.ts';
import { type CheckedExport, exportChecked } from './export-checked.ts';
import type { FittedTrial } from './fit-trial.ts';
import { pickGoldenColumns, writeInstances } from './golden-rows.ts';
import { takeRows } from './take-rows.ts';

/** A model file with the rows that a deployed model is tried with. */
export interface ExportedModel extends CheckedExport {
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
  const golden = pickGoldenColumns(columns, holdoutRows.length > 0 ? holdoutRows : trainingRows);
  const instances = writeInstances(useCase, golden);
  const probabilities = model.predict(golden);
  const exported = await exportChecked({
    model,
    compare: async session => {
      const onHoldout = await session.score(takeRows(columns, holdoutRows));
      const onGolden = await session.scoreInstances(instances);
      return Math.max(
        checkParity(onHoldout, model.predict(columns, holdoutRows)),
        checkParity(onGolden, probabilities),
      );
    },
  });
  return {
    ...exported,
    goldenRows: instances.map((instance, row) => ({ instance, probability: probabilities[row]! })),
  };
}
