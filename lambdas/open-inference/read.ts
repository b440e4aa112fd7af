import { environmentNames } from '../../contracts/environment.ts';
import type { ModelMetadata, ModelReady, ServerMetadata } from '../../contracts/open-inference.ts';
import { NotReadyError } from '../../lifecycle/inference/errors.ts';
import { describeModel } from '../../lifecycle/inference/open-inference.ts';
import { isServing, isVersionReady, readReadiness } from '../../lifecycle/inference/readiness.ts';
import { resolveVersion } from '../../lifecycle/registry/aliases.ts';
import { listVersions, readVersion } from '../../lifecycle/registry/versions.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { deployedUseCases, loadDeployed } from '../deployed-use-cases.ts';
import { byRoute, http, logger } from '../http.ts';

const useCases = deployedUseCases();
const registry = connectTable(requiredVariable(environmentNames.registryTable));
const objects = connectObjects(requiredVariable(environmentNames.bucket));
const build = process.env[environmentNames.build] ?? 'unknown';

const open = { errorForm: 'open inference' } as const;
const keyed = { ...open, scope: 'predict' } as const;
/** Versions that a model's metadata lists, the newest of them. */
const versionsListed = 100;

/** `GET /v2`. */
const server = http(
  keyed,
  async (): Promise<ServerMetadata> => ({ name: 'perennial', version: build, extensions: [] }),
);

/** `GET /v2/health/live`. */
const live = http(open, async () => ({ live: true }));

/** `GET /v2/health/ready`: whether every model that was released is there to answer. */
const ready = http(open, async () => {
  const models = await readReadiness({ registry, objects, onUnreadable }, useCases);
  const waiting = models.filter(({ ready }) => !ready).map(({ useCase }) => useCase);
  if (!isServing(models)) throw new NotReadyError(waiting);
  return { ready: true };
});

/** `GET /v2/models/{useCase}[/versions/{version}]`: what the endpoint takes and answers. */
const model = http(keyed, async ({ parameters }): Promise<ModelMetadata> => {
  const useCase = await loadDeployed(parameters.useCase);
  if (parameters.version === undefined) {
    const versions = await listVersions(registry, useCase.id, versionsListed);
    return describeModel(
      useCase,
      versions.map(({ version }) => version),
    );
  }
  const { version } = await readVersion(
    registry,
    useCase.id,
    await resolveVersion(registry, useCase.id, parameters.version),
  );
  return describeModel(useCase, [version]);
});

/** `GET /v2/models/{useCase}[/versions/{version}]/ready`. */
const modelReady = http(keyed, async ({ parameters }): Promise<ModelReady> => {
  const { id } = await loadDeployed(parameters.useCase);
  if (!(await isModelReady(id, parameters.version))) {
    throw new NotReadyError([parameters.version === undefined ? id : `${id} version ${parameters.version}`]);
  }
  return { name: id, ready: true };
});

/** What the Open Inference Protocol tells of server and models. */
export const handler = byRoute({
  'GET /v2': server,
  'GET /v2/health/live': live,
  'GET /v2/health/ready': ready,
  'GET /v2/models/{useCase}': model,
  'GET /v2/models/{useCase}/versions/{version}': model,
  'GET /v2/models/{useCase}/ready': modelReady,
  'GET /v2/models/{useCase}/versions/{version}/ready': modelReady,
});

async function isModelReady(useCase: string, version: string | undefined): Promise<boolean> {
  if (version === undefined) {
    const [model] = await readReadiness({ registry, objects, onUnreadable }, [useCase]);
    return model!.ready;
  }
  return isVersionReady({ registry, objects }, useCase, await resolveVersion(registry, useCase, version));
}

function onUnreadable(useCase: string, error: unknown): void {
  logger.error('Readiness not readable', { useCase, error: error as Error });
}
