import type { LifecycleRequest } from '../../../contracts/tasks.ts';
import type { IngestServices } from '../../../lifecycle/datasets/ingest.ts';
import { ingest } from '../../../lifecycle/datasets/ingest.ts';
import { planTables } from '../../../lifecycle/datasets/plan-tables.ts';
import type { ArchiveServices } from '../../../lifecycle/predictions/archive.ts';
import { connectAthena, type ResultRow } from '../../../platform/athena.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable } from '../../../platform/table.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { experimentRunsTable } from '../../../use-cases/runs-table.ts';
import { icebergTables, observationsTable, stagingTables } from '../../../use-cases/table-schemas.ts';
import { startEmbeddedServices } from '../../embedded-services.ts';

/** Noon of a day on which every test's lifecycle starts. */
export const today = '2026-06-15T12:00:00.000Z';

/** The embedded services with the tables of any number of use cases. */
export interface Lake {
  /** A use case of its own, with empty tables. */
  open(useCase: UseCase): Promise<OpenUseCase>;
  stop(): Promise<void>;
}

/** What a test does with one use case. */
export interface OpenUseCase {
  readonly useCase: UseCase;
  readonly services: IngestServices & ArchiveServices & { demo: boolean };
  /** Executions that are RUNNING, by ARN. */
  readonly running: Set<string>;
  /** Moves the clock. */
  pass(ms: number): void;
  /** Drops a landing file. */
  drop(name: string, content: string | Uint8Array): Promise<void>;
  /** Runs ingest as an execution of this name. */
  ingest(
    execution: string,
    request?: Partial<LifecycleRequest> & { startedAt?: string },
    services?: IngestServices,
  ): ReturnType<typeof ingest>;
  /** The table's rows by observation id. */
  rows(): Promise<ResultRow[]>;
  /** Keys below a prefix of the bucket and the use case, without both. */
  keys(prefix: string): Promise<string[]>;
  /** The rows in quarantine of a batch. */
  quarantined(batch: number): Promise<{ file: string; row: number | null; reason: string; raw: unknown }[]>;
}

/** Starts the services that datasets need. */
export async function startLake(): Promise<Lake> {
  const embedded = await startEmbeddedServices();
  const objects = connectObjects(embedded.bucket);
  const registry = connectTable('registry');
  const predictions = connectTable('predictions');
  const athena = connectAthena(embedded);
  let opened = 0;
  return {
    stop: () => embedded.stop(),
    async open(definition) {
      const useCase = { ...definition, id: `${definition.id}-${++opened}` };
      const iceberg = [...icebergTables(useCase), experimentRunsTable()];
      // No table of a new use case is there, so there is none to look at first.
      const statements = planTables({ iceberg, staging: stagingTables(useCase) }, new Map(), prefix =>
        objects.uri(prefix),
      );
      await Promise.all(statements.map(statement => athena.execute(statement)));
      let now = Date.parse(today);
      const running = new Set<string>();
      const workflows = {
        describe: async (executionId: string) => ({
          executionId,
          status: running.has(executionId) ? 'RUNNING' : 'FAILED',
        }),
      } as unknown as IngestServices['workflows'];
      const clock = { now: () => new Date(now), real: (ms: number) => ms };
      const services = { athena, objects, registry, predictions, workflows, clock, demo: false };
      const at = (prefix: string) => `${prefix}/${useCase.id}/`;
      return {
        useCase,
        services,
        running,
        pass(ms) {
          now += ms;
        },
        drop: (name, content) => objects.write(`${at('landing')}${name}`, content),
        ingest: (execution, { startedAt = today, ...request } = {}, others = services) =>
          ingest(others, useCase, {
            request: { useCase: useCase.id, trigger: 'manual', ...request },
            executionId: execution,
            startedAt,
          }),
        rows: () => athena.query(`SELECT * FROM "${observationsTable(useCase).name}" ORDER BY observation_id`),
        keys: async prefix => (await objects.list(at(prefix))).map(({ key }) => key.slice(at(prefix).length)),
        async quarantined(batch) {
          const text = new TextDecoder().decode(await objects.read(`${at('quarantine')}${batch}/rows.ndjson`));
          return text
            .trim()
            .split('\n')
            .map(line => JSON.parse(line));
        },
      };
    },
  };
}
