import { environmentNames } from '../../contracts/environment.ts';
import { connectObjects, type Objects } from '../../platform/objects.ts';
import { connectTable, type Table } from '../../platform/table.ts';
import { startEmbeddedServices } from '../embedded-services.ts';

/** What infra gives a function, for tests: real services, and the environment that names them. */
export interface Deployment {
  readonly registry: Table;
  readonly predictions: Table;
  readonly objects: Objects;
  stop(): Promise<void>;
}

/**
 * Starts the services and sets the environment; only then may an entry be imported, which reads it.
 *
 * @param changes variables that differ from the usual ones
 */
export async function startDeployment(changes: Readonly<Record<string, string>> = {}): Promise<Deployment> {
  const services = await startEmbeddedServices();
  const variables = {
    [environmentNames.bucket]: services.bucket,
    [environmentNames.registryTable]: 'registry',
    [environmentNames.predictionsTable]: 'predictions',
    [environmentNames.useCases]: 'bank-marketing',
    [environmentNames.workgroup]: services.workgroup,
    [environmentNames.database]: services.database,
    ...changes,
  };
  Object.assign(process.env, variables);
  return {
    registry: connectTable('registry'),
    predictions: connectTable('predictions'),
    objects: connectObjects(services.bucket),
    async stop() {
      for (const name of Object.keys(variables)) delete process.env[name];
      await services.stop();
    },
  };
}
