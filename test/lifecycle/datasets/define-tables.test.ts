import { defineTables } from '../../../lifecycle/datasets/define-tables.ts';
import { UnsupportedSchemaChangeError } from '../../../lifecycle/datasets/plan-tables.ts';
import { connectAthena } from '../../../platform/athena.ts';
import { connectObjects } from '../../../platform/objects.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { observationsTable, stagingTable } from '../../../use-cases/table-schemas.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { minimalUseCase } from './minimal-use-case.ts';

let embedded: EmbeddedServices;
beforeAll(async () => {
  embedded = await startEmbeddedServices();
});
afterAll(() => embedded.stop());

test('tables are created once, get the columns that a definition adds, and lose none', async () => {
  const athena = connectAthena(embedded);
  const services = { athena, objects: connectObjects(embedded.bucket) };
  const define = (useCase: UseCase) =>
    defineTables(services, { iceberg: [observationsTable(useCase)], staging: [stagingTable(useCase)] });
  const columns = async (table: string) =>
    (await athena.columns(`SELECT * FROM ${table} LIMIT 0`)).map(({ name }) => name);

  await define(minimalUseCase);
  await define(minimalUseCase);
  expect(await columns('tiny_churn_observations')).toEqual(
    observationsTable(minimalUseCase).columns.map(({ name }) => name),
  );
  expect(await columns('tiny_churn_staging')).toEqual([
    ...stagingTable(minimalUseCase).columns.map(({ name }) => name),
    'batch',
  ]);

  const region = { type: 'category', levels: ['north', 'south'], meaning: 'Region' } as const;
  const features = { ...minimalUseCase.features, region };
  await define({ ...minimalUseCase, features });
  expect(await columns('tiny_churn_observations')).toContain('region');
  expect(await columns('tiny_churn_staging')).toContain('region');

  const visits = { type: 'number', meaning: 'Visits' } as const;
  await expect(define(minimalUseCase)).rejects.toThrow(UnsupportedSchemaChangeError);
  const added = { type: 'boolean', meaning: 'Added' } as const;
  await expect(define({ ...minimalUseCase, features: { ...features, visits, added } })).rejects.toThrow(
    'column "visits"',
  );
  expect(await columns('tiny_churn_observations')).not.toContain('added');
});
