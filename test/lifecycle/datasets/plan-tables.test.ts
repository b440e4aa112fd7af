import {
  type PresentColumns,
  planTables,
  UnsupportedSchemaChangeError,
} from '../../../lifecycle/datasets/plan-tables.ts';
import { observationsTable, stagingTable } from '../../../use-cases/table-schemas.ts';
import { minimalUseCase } from './minimal-use-case.ts';

const observations = observationsTable(minimalUseCase);
const staging = stagingTable(minimalUseCase);
const definitions = { iceberg: [observations], staging: [staging] };
const location = (prefix: string) => `s3://bucket/${prefix}`;

test('tables that are missing are created, partitioned, at their prefixes', () => {
  const [iceberg, external, ...rest] = planTables(definitions, new Map(), location);
  expect(rest).toEqual([]);
  expect(iceberg).toContain('CREATE TABLE IF NOT EXISTS `tiny_churn_observations` (`observation_id` string, ');
  expect(iceberg).toContain('PARTITIONED BY (month(event_time))');
  expect(iceberg).toContain("LOCATION 's3://bucket/lake/tiny-churn/observations/'");
  expect(iceberg).toContain("'table_type' = 'ICEBERG'");
  expect(external).toContain('CREATE EXTERNAL TABLE IF NOT EXISTS `tiny_churn_staging`');
  expect(external).toContain('PARTITIONED BY (`batch` bigint)');
  expect(external).toMatch(/'storage.location.template' = 's3:\/\/bucket\/staging\/tiny-churn\/\$\{batch\}\/'/);
});

test('tables that are as defined are left alone', () => {
  expect(planTables(definitions, present({}), location)).toEqual([]);
});

test('a column that a table lacks is added', () => {
  expect(planTables(definitions, present({ plan: undefined }), location)).toEqual([
    'ALTER TABLE `tiny_churn_observations` ADD COLUMNS (`plan` string)',
  ]);
});

test('columns that would be dropped or change their type are all named, and nothing is planned', () => {
  const plan = () => planTables(definitions, present({ old: 'varchar', visits: 'double', plan: undefined }), location);
  expect(plan).toThrow(UnsupportedSchemaChangeError);
  expect(plan).toThrow('tiny_churn_observations has column "old", which its definition lacks');
  expect(plan).toThrow('tiny_churn_observations has column "visits" of type double, its definition says bigint');
});

/** Both tables as they are defined, but for some columns of the observations. */
function present(changed: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, PresentColumns> {
  const words = {
    string: 'varchar',
    int: 'integer',
    bigint: 'bigint',
    double: 'double',
    boolean: 'boolean',
    timestamp: 'timestamp',
  };
  const columns = (table: typeof observations) =>
    new Map<string, string>(table.columns.map(({ name, type }) => [name, words[type]]));
  const observed = columns(observations);
  for (const [name, type] of Object.entries(changed)) {
    if (type === undefined) observed.delete(name);
    else observed.set(name, type);
  }
  return new Map([
    [observations.name, observed],
    [staging.name, new Map([...columns(staging), ['batch', 'bigint']])],
  ]);
}
