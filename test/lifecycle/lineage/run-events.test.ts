import type { Act } from '../../../lifecycle/lineage/act.ts';
import { describeRun } from '../../../lifecycle/lineage/run-events.ts';

const execution = 'arn:aws:states:us-east-1:000000000000:execution:Perennial-lifecycle:one';
const act: Act = {
  useCase: 'loans',
  name: 'freeze',
  id: 'd1',
  startedAt: '2026-03-02T03:00:00.000Z',
  endedAt: '2026-03-02T03:00:09.000Z',
  executionId: execution,
  sql: 'SELECT 1',
  inputs: [{ key: 'lake/loans/observations', version: '42' }],
  outputs: [{ key: 'datasets/loans/d1', schema: [{ name: 'amount', type: 'double' }], rows: 5, bytes: 99 }],
};

function facet(name: string, version: string) {
  return {
    _producer: 'urn:perennial:app',
    _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
  };
}

test('an act is told as its start and its completion', () => {
  const [start, end] = describeRun('bucket', act);
  const job = {
    namespace: 'bucket',
    name: 'loans.freeze',
    facets: {
      jobType: {
        ...facet('JobTypeJobFacet', '2-0-3'),
        ...{ processingType: 'BATCH', integration: 'PERENNIAL', jobType: 'TASK' },
      },
      sql: { ...facet('SQLJobFacet', '1-0-1'), query: 'SELECT 1' },
    },
  };
  const run = {
    // The UUID version 5 of `perennial://bucket/loans.freeze/d1`, computed by another implementation.
    runId: '58c4bda3-4abb-5e61-ae32-5587b4bebcad',
    facets: {
      parent: {
        ...facet('ParentRunFacet', '1-0-1'),
        run: { runId: '1b8fba9e-0fe1-56c3-bd69-d80f014e18cf' },
        job: { namespace: 'bucket', name: 'loans.lifecycle' },
      },
    },
  };
  const version = { ...facet('DatasetVersionDatasetFacet', '1-0-1'), datasetVersion: '42' };
  const common = {
    ...{ run, job, producer: 'urn:perennial:app' },
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    inputs: [{ namespace: 's3://bucket', name: 'lake/loans/observations', facets: { version } }],
  };
  expect(start).toEqual({ ...common, eventType: 'START', eventTime: '2026-03-02T03:00:00.000Z', outputs: [] });
  expect(end).toEqual({
    ...{ ...common, eventType: 'COMPLETE', eventTime: '2026-03-02T03:00:09.000Z' },
    outputs: [
      {
        ...{ namespace: 's3://bucket', name: 'datasets/loans/d1' },
        facets: { schema: { ...facet('SchemaDatasetFacet', '1-1-1'), fields: [{ name: 'amount', type: 'double' }] } },
        outputFacets: {
          outputStatistics: { ...facet('OutputStatisticsOutputDatasetFacet', '1-0-2'), rowCount: 5, size: 99 },
        },
      },
    ],
  });
});

test('an act that failed says why', () => {
  const [start, end] = describeRun('bucket', { ...act, outputs: [], failure: 'no memory' });
  expect(start.run.facets).not.toHaveProperty('errorMessage');
  expect(end).toMatchObject({
    eventType: 'FAIL',
    run: { facets: { errorMessage: { message: 'no memory', programmingLanguage: 'TypeScript' } } },
    outputs: [],
  });
});

test('the same act has the same run, another act, job or deployment another', () => {
  const runIds = [
    describeRun('bucket', act),
    describeRun('bucket', { ...act, endedAt: '2026-03-02T04:00:00.000Z' }),
    describeRun('bucket', { ...act, id: 'd2' }),
    describeRun('bucket', { ...act, name: 'train' }),
    describeRun('bucket', { ...act, useCase: 'churn' }),
    describeRun('elsewhere', act),
  ].map(([, { run }]) => run.runId);
  expect(runIds[1]).toBe(runIds[0]);
  expect(new Set(runIds).size).toBe(5);
});

test('what was done by hand has no parent', () => {
  const [start] = describeRun('bucket', { ...act, executionId: 'someone' });
  expect(start.run.facets).toEqual({});
});

test('parameters are a list, and a file that was moved is known by both keys', () => {
  const [start] = describeRun('bucket', {
    ...act,
    parameters: { algorithm: 'random-forest', trees: 5 },
    inputs: [{ key: 'landing/loans/a.csv', movedTo: 'ingested/loans/1/a.csv' }],
  });
  expect(start.run.facets.jobRunParameters).toMatchObject({
    parameters: [
      { key: 'algorithm', value: 'random-forest' },
      { key: 'trees', value: 5 },
    ],
  });
  expect(start.inputs[0]!.facets.symlinks).toMatchObject({
    identifiers: [{ namespace: 's3://bucket', name: 'ingested/loans/1/a.csv', type: 'LOCATION' }],
  });
});
