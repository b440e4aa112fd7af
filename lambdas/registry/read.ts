import { environmentNames } from '../../contracts/environment.ts';
import { listFrozenDatasets } from '../../lifecycle/datasets/frozen-dataset.ts';
import { resolveVersion } from '../../lifecycle/registry/aliases.ts';
import { describeVersion, describeVersions } from '../../lifecycle/registry/describe-version.ts';
import { listExperiments, readExperiment } from '../../lifecycle/registry/experiments.ts';
import { listRuns, readTrackedRun } from '../../lifecycle/registry/runs.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { byRoute, type HttpRequest, http } from '../http.ts';
import { readPage, takePage } from '../page.ts';

const registry = connectTable(requiredVariable(environmentNames.registryTable));
const objects = connectObjects(requiredVariable(environmentNames.bucket));

/** Makes a route that reads something of the use case which its path names. */
function reading(read: (useCase: string, request: HttpRequest) => Promise<object>) {
  return http({ scope: 'view' }, async request => {
    const { id } = await loadDeployed(request.parameters.useCase);
    return read(id, request);
  });
}

/** Makes a route that lists something, page by page. */
function listing<Item>(
  name: string,
  list: (useCase: string) => Promise<readonly Item[]>,
  idOf: (item: Item) => string,
) {
  return reading(async (useCase, { query }) => {
    const page = readPage(query);
    const { items, next } = takePage(await list(useCase), idOf, page);
    return { [name]: items, next };
  });
}

/** What is on record of versions, runs, experiments and datasets; lists begin with the newest. */
export const handler = byRoute({
  'GET /use-cases/{useCase}/versions': listing(
    'versions',
    useCase => describeVersions(registry, useCase),
    ({ version }) => String(version),
  ),
  'GET /use-cases/{useCase}/versions/{version}': reading(async (useCase, { parameters }) =>
    describeVersion({ registry, objects }, useCase, await resolveVersion(registry, useCase, parameters.version ?? '')),
  ),
  'GET /use-cases/{useCase}/runs': listing(
    'runs',
    useCase => listRuns(registry, useCase),
    ({ runId }) => runId,
  ),
  'GET /use-cases/{useCase}/runs/{id}': reading((useCase, { parameters }) =>
    readTrackedRun(registry, useCase, parameters.id ?? ''),
  ),
  'GET /use-cases/{useCase}/experiments': listing(
    'experiments',
    useCase => listExperiments(registry, useCase),
    ({ experimentId }) => experimentId,
  ),
  'GET /use-cases/{useCase}/experiments/{id}': reading((useCase, { parameters }) =>
    readExperiment(registry, useCase, parameters.id ?? ''),
  ),
  'GET /use-cases/{useCase}/datasets': listing(
    'datasets',
    useCase => listFrozenDatasets(registry, useCase),
    ({ datasetId }) => datasetId,
  ),
});
