import type { Athena } from '../../platform/athena.ts';
import type { Key, Table } from '../../platform/table.ts';
import { tableName } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { sqlName, sqlString } from '../datasets/sql-literal.ts';
import { predictionPartition, timeOfPredictionId } from '../predictions/prediction-id.ts';
import { daysKept } from '../predictions/prediction-log.ts';
import { type Outcome, outcomeTarget } from './outcome.ts';

export interface TargetServices {
  /** The log of predictions. */
  readonly predictions: Table;
  readonly athena: Athena;
  readonly clock: Clock;
}

/**
 * Finds which outcomes' targets are there: a prediction in the log or, when it is no longer, in the archive; an observation in its table or as the id that a
 * prediction was asked with. Queries the lake only for what the log cannot know.
 *
 * @returns the targets that are there
 */
export async function findTargets(
  { predictions, athena, clock }: TargetServices,
  useCase: string,
  outcomes: readonly Outcome[],
): Promise<Set<string>> {
  const logged = await findLogged(predictions, useCase, outcomes);
  const inArchiveOnly = clock.now().getTime() - daysKept * 86_400_000;
  const mayBeInLake = ({ predictionId }: Outcome) =>
    predictionId === null || timeOfPredictionId(predictionId)!.getTime() <= inArchiveOnly;
  const found = new Set(logged);
  for (const part of divide(outcomes.filter(mayBeInLake))) {
    const rows = await athena.query(lookUpSql(useCase, part));
    for (const { target } of rows) found.add(target!);
  }
  return found;
}

async function findLogged(predictions: Table, useCase: string, outcomes: readonly Outcome[]): Promise<Set<string>> {
  const ids = new Set(outcomes.flatMap(({ predictionId }) => predictionId ?? []));
  const keys = Array.from(ids, (sk): Key => ({ pk: predictionPartition(useCase, sk), sk }));
  const items = await predictions.getMany(keys);
  return new Set(items.map(({ sk }) => outcomeTarget({ predictionId: sk, observationId: null })));
}

/** Bytes of ids in one statement: Athena takes 256 KB, and each id may stand in it twice. */
const statementBytes = 100_000;

function divide(outcomes: readonly Outcome[]): Outcome[][] {
  const parts: Outcome[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const outcome of outcomes) {
    const size = Buffer.byteLength(outcomeTarget(outcome));
    bytes += size;
    if (bytes > statementBytes) {
      parts.push([]);
      bytes = size;
    }
    parts.at(-1)!.push(outcome);
  }
  return parts;
}

/** No id that is there has it. */
const separator = '\u001f';

function lookUpSql(useCase: string, outcomes: readonly Outcome[]): string {
  const list = (ids: Iterable<string>) => [...new Set(ids)].join(separator);
  const predictionIds = list(outcomes.flatMap(({ predictionId }) => predictionId ?? []));
  const observationIds = list(outcomes.flatMap(({ observationId }) => observationId ?? []));
  const select = (kind: 'prediction' | 'observation', table: 'predictions' | 'observations', ids: string) =>
    `SELECT concat('${kind}:', wanted.id) AS target FROM ${sqlName(tableName(useCase, table))} present
JOIN (SELECT id FROM UNNEST(split(${sqlString(ids)}, ${sqlString(separator)})) AS ids (id)) wanted ON wanted.id = present.${kind}_id`;
  return [
    ...(predictionIds ? [select('prediction', 'predictions', predictionIds)] : []),
    ...(observationIds
      ? [select('observation', 'observations', observationIds), select('observation', 'predictions', observationIds)]
      : []),
  ].join('\nUNION ');
}
