import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Athena, ResultRow } from '../../platform/athena.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { readTimestamp } from '../datasets/sql-literal.ts';
import type { Outcome } from '../outcomes/outcome.ts';
import { readArchiveState } from '../predictions/archive-state.ts';
import { readFeatures } from '../predictions/archived-row.ts';
import type { TimeRange } from '../predictions/read-predictions.ts';
import type { Exposure } from './ab-test.ts';
import {
  type ArchivedRange,
  answersStatement,
  exposuresStatement,
  outcomesStatement,
  type SampleOptions,
  type StepPredictions,
  sampleStatement,
} from './archived-statements.ts';
import type { CountedAnswers } from './variant-tally.ts';

/** What of a logged prediction a model scores, and what leads to its label. */
export type ScorableRow = Pick<LoggedPrediction, 'predictionId' | 'observationId' | 'at' | 'features'>;

/** Predictions out of the archive, and the way to what became of them. */
export interface ArchivedPredictions<Row> {
  readonly rows: readonly Row[];
  /** Reads their outcomes that were received before an instant. */
  outcomes(before: Date): Promise<Outcome[]>;
}

/** What a use case's archive tells of the steps of its releases. A range without an instant is not asked about. */
export interface ArchivedEvidence {
  /** Everything that was logged before is in it; the epoch where there is none. */
  readonly through: Date;
  /** Reads those predictions that `samplePredictions` would pick. */
  sample(range: TimeRange, options: SampleOptions): Promise<ArchivedPredictions<ScorableRow>>;
  /** Reads the first prediction of each unit in a step; `arm` is the name of its variant. */
  exposures(range: TimeRange, step: StepPredictions): Promise<ArchivedPredictions<ArchivedExposure>>;
  /** Counts what the variants of a step answered, by their names. */
  answers(range: TimeRange, step: StepPredictions): Promise<ReadonlyMap<string, CountedAnswers>>;
}

/** A unit's first prediction in a step. */
export type ArchivedExposure = Omit<Exposure, 'arm'> & { readonly unit: string; readonly arm: string };

/** Opens the archive as it is now: what later runs bring does not count. */
export async function openArchivedEvidence(
  { registry, athena }: { readonly registry: Table; readonly athena: Athena },
  useCase: UseCase,
): Promise<ArchivedEvidence> {
  const state = await readArchiveState(registry, useCase.id);
  const archived = { useCase, archiveSeq: state?.number ?? 0 };

  async function read<Row>(range: ArchivedRange, sql: string, toRow: (row: ResultRow) => Row) {
    const rows = isEmpty(range) ? [] : (await athena.query(sql)).map(toRow);
    const isNone = rows.length === 0;
    return {
      rows,
      async outcomes(before: Date) {
        if (isNone) return [];
        const told = await athena.query(outcomesStatement({ ...range, to: before }, sql));
        return told.map(row => toOutcome(useCase, row));
      },
    };
  }

  return {
    through: new Date(state?.through ?? 0),
    sample(range, options) {
      const part = { ...archived, ...range };
      return read(part, sampleStatement(part, options), row => toScorable(useCase, row));
    },
    exposures(range, step) {
      const part = { ...archived, ...range };
      return read(part, exposuresStatement(part, step), toExposure);
    },
    async answers(range, step) {
      const part = { ...archived, ...range };
      const { rows } = await read(part, answersStatement(part, step), row => [row.arm!, toCounts(row)] as const);
      return new Map(rows);
    },
  };
}

/** Divides a time range into what was before an instant and what came from it on; either may be without an instant. */
export function divideAt(
  { from, to }: TimeRange,
  instant: Date,
): { readonly before: TimeRange; readonly after: TimeRange } {
  const cut = new Date(Math.min(Math.max(from.getTime(), instant.getTime()), to.getTime()));
  return { before: { from, to: cut }, after: { from: cut, to } };
}

function isEmpty({ from, to }: TimeRange): boolean {
  return from >= to;
}

function identify(row: ResultRow) {
  return { predictionId: row.prediction_id!, observationId: row.observation_id ?? null, at: readTimestamp(row.at!) };
}

function toScorable(useCase: UseCase, row: ResultRow): ScorableRow {
  return { ...identify(row), features: readFeatures(useCase, row) };
}

function toExposure(row: ResultRow): ArchivedExposure {
  return { ...identify(row), unit: row.unit!, arm: row.arm!, decision: row.decision === 'true' };
}

function toCounts({ requests, errors, unusable, lowest, highest }: ResultRow): CountedAnswers {
  return {
    requests: Number(requests),
    errors: Number(errors),
    unusable: Number(unusable),
    scores: lowest === null || highest === null ? null : { lowest: Number(lowest), highest: Number(highest) },
  };
}

function toOutcome(useCase: UseCase, row: ResultRow): Outcome {
  return {
    outcomeId: row.outcome_id!,
    useCase: useCase.id,
    predictionId: row.prediction_id ?? null,
    observationId: row.observation_id ?? null,
    label: row.label === '1' ? 1 : 0,
    observedAt: readTimestamp(row.observed_at!),
    receivedAt: readTimestamp(row.received_at!),
    by: row.received_by!,
  };
}
