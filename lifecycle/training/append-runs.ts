import type { AppendRunsInput, AppendRunsOutput } from '../../contracts/tasks.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Table } from '../../platform/table.ts';
import { experimentRunsTable } from '../../use-cases/runs-table.ts';
import { insertExactlyOnce } from '../datasets/insert-exactly-once.ts';
import { sqlName, sqlString, sqlTimestamp } from '../datasets/sql-literal.ts';
import { type Experiment, putAppendProgress, readExperiment } from '../registry/experiments.ts';
import { findRun, type Run, type TrackedRun } from '../registry/runs.ts';

export interface AppendRunsServices {
  readonly athena: Athena;
  readonly registry: Table;
}

/** Rows of one statement: Athena takes 256 KB of SQL, a row has about one. */
const rowsPerStatement = 100;

/**
 * Appends the runs of an experiment whose selection is made to the table of all runs, each exactly once.
 *
 * @throws {ExperimentNotFoundError} @throws {QueryFailedError} @throws {WrongRowCountError}
 */
export async function appendRuns(
  { athena, registry }: AppendRunsServices,
  { useCase, experimentId }: AppendRunsInput,
): Promise<AppendRunsOutput> {
  const experiment = await readExperiment(registry, useCase, experimentId);
  const { trials, append } = experiment;
  if (append.isDone) return { rows: trials.length };
  const found = await Promise.all(trials.map(({ runId }) => findRun(registry, useCase, runId)));
  const runs = found.filter(run => run !== undefined);
  const ended = await insertExactlyOnce({
    athena,
    table: experimentRunsTable().name,
    where: `experiment_id = ${sqlString(experimentId)}`,
    rows: `Experiment ${experimentId}`,
    expected: runs.length,
    statements: writeInserts(experiment, runs),
    token: ['insert', 'experiment', experimentId],
    progress: append,
    save: progress => putAppendProgress(registry, experiment, progress),
  });
  await putAppendProgress(registry, experiment, { ...ended, isDone: true });
  return { rows: runs.length };
}

function writeInserts(experiment: Experiment, runs: readonly TrackedRun[]): string[] {
  const { name, columns } = experimentRunsTable();
  const head = `INSERT INTO ${sqlName(name)} (${columns.map(column => sqlName(column.name)).join(', ')}) VALUES\n`;
  const rows = runs.map(run => {
    const values = rowOf(experiment, run);
    return `(${columns.map(column => values[column.name] ?? 'NULL').join(', ')})`;
  });
  return Array.from(
    { length: Math.ceil(rows.length / rowsPerStatement) },
    (_, index) => head + rows.slice(index * rowsPerStatement, (index + 1) * rowsPerStatement).join(',\n'),
  );
}

/** SQL literals by column; what is left out is NULL. */
function rowOf(experiment: Experiment, run: TrackedRun): Record<string, string> {
  const { algorithm, ...parameters } = run.parameters;
  const { tags } = run;
  return {
    use_case: sqlString(run.useCase),
    experiment_id: sqlString(experiment.experimentId),
    run_id: sqlString(run.runId),
    status: sqlString(run.status),
    selected: String(experiment.selection?.runId === run.runId),
    algorithm: sqlString(algorithm),
    parameters: sqlString(JSON.stringify(parameters)),
    seed: String(run.seed),
    folds: String(experiment.folds),
    metric: sqlString(experiment.metric),
    started_at: sqlTimestamp(new Date(run.startedAt)),
    seconds: sqlDouble(run.seconds),
    iceberg_snapshot_id: sqlString(tags.iceberg_snapshot_id),
    ...(tags.iceberg_parent_id !== null && { iceberg_parent_id: sqlString(tags.iceberg_parent_id) }),
    iceberg_committed_at: sqlTimestamp(new Date(tags.iceberg_committed_at)),
    row_count: String(tags.row_count),
    ingest_seq_from: String(tags.ingest_seq.from),
    ingest_seq_to: String(tags.ingest_seq.to),
    label_seq_from: String(tags.label_seq.from),
    label_seq_to: String(tags.label_seq.to),
    dataset_id: sqlString(tags.dataset_id),
    code_version: sqlString(tags.code_version),
    created_by: sqlString(run.createdBy),
    ...(run.status === 'failed'
      ? { error: sqlString(`${run.error.name}: ${run.error.cause}`.slice(0, 1_000)) }
      : figuresOf(run)),
  };
}

function figuresOf({ foldMetrics, threshold, memoryMb, peakMemoryMb }: Run): Record<string, string> {
  const figures = Object.entries(foldMetrics).flatMap(([name, { mean, sd }]) => [
    [`${name}_mean`, sqlDouble(mean)],
    [`${name}_sd`, sqlDouble(sd)],
  ]);
  return {
    ...Object.fromEntries(figures),
    threshold: sqlDouble(threshold),
    memory_mb: String(memoryMb),
    peak_memory_mb: String(peakMemoryMb),
  };
}

/** With an exponent a literal is a double, and not a decimal. */
function sqlDouble(value: number): string {
  return Number.isFinite(value) ? value.toExponential() : 'NULL';
}
