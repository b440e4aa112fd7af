import { hash } from 'node:crypto';
import type { Act, Data } from './act.ts';

/** What the standard calls a run event, as far as this project fills it in. */
export interface RunEvent {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL';
  /** ISO instant. */
  readonly eventTime: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets };
  readonly inputs: readonly InputDataset[];
  readonly outputs: readonly OutputDataset[];
  readonly producer: string;
  readonly schemaURL: string;
}

interface InputDataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
}

interface OutputDataset extends InputDataset {
  readonly outputFacets: Facets;
}

type Facets = Readonly<Record<string, Facet>>;

interface Facet {
  readonly _producer: string;
  readonly _schemaURL: string;
}

/**
 * Tells an act as OpenLineage run events (spec 2-0-2): that it started, and how it ended. The same act gives the same ids.
 *
 * @param bucket names the deployment: jobs are in its namespace, and datasets are in it
 */
export function describeRun(bucket: string, act: Act): readonly [start: RunEvent, end: RunEvent] {
  const { useCase, startedAt, endedAt, failure } = act;
  const job = { namespace: bucket, name: `${useCase}.${act.name}`, facets: jobFacets(act) };
  const runId = runIdOf(bucket, job.name, act.id);
  const common = { job, inputs: act.inputs.map(data => inputDataset(bucket, data)), producer, schemaURL };
  const facets = runFacets(bucket, act);
  const outputs = act.outputs.map(data => outputDataset(bucket, data));
  const failed: Facets = failure === undefined ? {} : { errorMessage: errorMessage(failure) };
  return [
    { ...common, eventType: 'START', eventTime: startedAt, run: { runId, facets }, outputs: [] },
    {
      ...common,
      eventType: failure === undefined ? 'COMPLETE' : 'FAIL',
      eventTime: endedAt,
      run: { runId, facets: { ...facets, ...failed } },
      outputs,
    },
  ];
}

const producer = 'urn:perennial:app';
const schemaURL = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent';

/** Versions of the facets' schemas. */
const facetVersions = {
  ParentRunFacet: '1-0-1',
  ErrorMessageRunFacet: '1-0-1',
  JobRunParametersFacet: '1-0-0',
  JobTypeJobFacet: '2-0-3',
  SQLJobFacet: '1-0-1',
  DatasetVersionDatasetFacet: '1-0-1',
  SchemaDatasetFacet: '1-1-1',
  SymlinksDatasetFacet: '1-0-1',
  OutputStatisticsOutputDatasetFacet: '1-0-2',
} as const;

function facet<Content extends object>(name: keyof typeof facetVersions, content: Content): Facet & Content {
  const url = `https://openlineage.io/spec/facets/${facetVersions[name]}/${name}.json#/$defs/${name}`;
  return { _producer: producer, _schemaURL: url, ...content };
}

function jobFacets({ sql }: Act): Facets {
  return {
    jobType: facet('JobTypeJobFacet', { processingType: 'BATCH', integration: 'PERENNIAL', jobType: 'TASK' }),
    ...(sql === undefined ? {} : { sql: facet('SQLJobFacet', { query: sql }) }),
  };
}

function runFacets(bucket: string, { useCase, executionId, parameters }: Act): Facets {
  const name = `${useCase}.lifecycle`;
  const parent = { run: { runId: runIdOf(bucket, name, executionId) }, job: { namespace: bucket, name } };
  return {
    ...(executionId.startsWith('arn:') ? { parent: facet('ParentRunFacet', parent) } : {}),
    ...(parameters ? { jobRunParameters: facet('JobRunParametersFacet', { parameters: listed(parameters) }) } : {}),
  };
}

function listed(parameters: NonNullable<Act['parameters']>) {
  return Object.entries(parameters).map(([key, value]) => ({ key, value }));
}

function errorMessage(message: string): Facet {
  return facet('ErrorMessageRunFacet', { message, programmingLanguage: 'TypeScript' });
}

function inputDataset(bucket: string, { key, version, movedTo, schema }: Data): InputDataset {
  const namespace = `s3://${bucket}`;
  const moved = { identifiers: [{ namespace, name: movedTo, type: 'LOCATION' }] };
  return {
    namespace,
    name: key,
    facets: {
      ...(version === undefined ? {} : { version: facet('DatasetVersionDatasetFacet', { datasetVersion: version }) }),
      ...(schema ? { schema: facet('SchemaDatasetFacet', { fields: schema }) } : {}),
      ...(movedTo === undefined ? {} : { symlinks: facet('SymlinksDatasetFacet', moved) }),
    },
  };
}

function outputDataset(bucket: string, data: Data): OutputDataset {
  const { rows: rowCount, bytes: size } = data;
  const isCounted = rowCount !== undefined || size !== undefined;
  return {
    ...inputDataset(bucket, data),
    outputFacets: isCounted
      ? { outputStatistics: facet('OutputStatisticsOutputDatasetFacet', { rowCount, size }) }
      : {},
  };
}

function runIdOf(bucket: string, job: string, id: string): string {
  return nameUuid(`perennial://${bucket}/${job}/${id}`);
}

/** The UUID of a URL: version 5 of RFC 9562, in the namespace for URLs. */
function nameUuid(url: string): string {
  const digest = hash('sha1', Buffer.concat([urlNamespace, Buffer.from(url)]), 'buffer').subarray(0, 16);
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  return digest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const urlNamespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
