import { environmentNames } from '../../contracts/environment.ts';
import { listFrozenDatasets } from '../../lifecycle/datasets/frozen-dataset.ts';
import { resolveVersion } from '../../lifecycle/registry/aliases.ts';
import { describeVersion, walkDescriptions } from '../../lifecycle/registry/describe-version.ts';
import { findExperiment, readExperiment, walkExperiments } from '../../lifecycle/registry/experiments.ts';
import { findRun, readTrackedRun, walkRuns } from '../../lifecycle/registry/runs.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { byRoute, type HttpRequest, http } from '../http.ts';
import { noSuchItem, readNumberAfter, readPage, takePage, takeWalked } from '../page.ts';

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

/** Makes a route that goes back through something, page by page, and reads no more of it. */
function walking<Item>(
  name: string,
  find: (useCase: string, id: string) => Promise<Item | undefined>,
  walk: (useCase: string, before: Item | undefined) => AsyncIterable<Item>,
  idOf: (item: Item) => string,
) {
  return reading(async (useCase, { query }) => {
    const page = readPage(query);
    const before = page.after === undefined ? undefined : await find(useCase, page.after);
    if (page.after !== undefined && !before) throw noSuchItem(page.after);
    const { items, next } = await takeWalked(walk(useCase, before), idOf, page);
    return { [name]: items, next };
  });
}

/** What is on record of versions, runs, experiments and datasets; lists begin with the newest. */
export const handler = byRoute({
  'GET /use-cases/{useCase}/versions': reading(async (useCase, { query }) => {
    const page = readPage(query);
    const walked = walkDescriptions(registry, useCase, readNumberAfter(page));
    const { items, next } = await takeWalked(walked, ({ version }) => String(version), page);
    return { versions: items, next };
  }),
  'GET /use-cases/{useCase}/versions/{version}': reading(async (useCase, { parameters }) =>
    describeVersion({ registry, objects }, useCase, await resolveVersion(registry, useCase, parameters.version ?? '')),
  ),
  'GET /use-cases/{useCase}/runs': walking(
    'runs',
    (useCase, id) => findRun(registry, useCase, id),
    (useCase, before) => walkRuns(registry, useCase, before),
    ({ runId }) => runId,
  ),
  'GET /use-cases/{useCase}/runs/{id}': reading((useCase, { parameters }) =>
    readTrackedRun(registry, useCase, parameters.id ?? ''),
  ),
  'GET /use-cases/{useCase}/experiments': walking(
    'experiments',
    (useCase, id) => findExperiment(registry, useCase, id),
    (useCase, before) => walkExperiments(registry, useCase, before),
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
