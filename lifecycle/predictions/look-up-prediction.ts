import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { predictionsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { sqlName, sqlString, sqlTimestamp } from '../datasets/sql-literal.ts';
import { fromArchivedRow } from './archived-row.ts';
import { timeOfPredictionId } from './prediction-id.ts';
import { daysKept, PredictionNotFoundError, readPrediction } from './prediction-log.ts';

export interface LookUpServices {
  /** The log. */
  readonly predictions: Table;
  readonly athena: Athena;
  readonly clock: Clock;
}

/**
 * Reads a prediction of any age: from the log, and from the archive once its days in the log are over.
 *
 * @throws {PredictionNotFoundError}
 */
export async function lookUpPrediction(
  { predictions, athena, clock }: LookUpServices,
  useCase: UseCase,
  id: string,
): Promise<LoggedPrediction> {
  try {
    return await readPrediction(predictions, useCase.id, id);
  } catch (error) {
    const madeAt = timeOfPredictionId(id.toLowerCase());
    const isPast = madeAt && madeAt.getTime() + daysKept * 86_400_000 <= clock.now().getTime();
    if (!(error instanceof PredictionNotFoundError) || !isPast) throw error;
    const [row] = await athena.query(
      `SELECT * FROM ${sqlName(predictionsTable(useCase).name)}
WHERE "at" = ${sqlTimestamp(madeAt)} AND prediction_id = ${sqlString(id.toLowerCase())} AND variant <> 'shadow'`,
    );
    if (!row) throw new PredictionNotFoundError(useCase.id, id);
    return fromArchivedRow(useCase, row);
  }
}
