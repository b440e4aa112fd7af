import { environmentNames } from '../../contracts/environment.ts';
import type { ObservationsResponse } from '../../contracts/observations.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { receiveObservations } from '../../lifecycle/datasets/receive-observations.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { http } from '../http.ts';

const services = { objects: connectObjects(requiredVariable(environmentNames.bucket)), clock: readClock() };

/** `POST /use-cases/{useCase}/observations`: takes rows for the next batch, and says of each what became of it. */
export const handler = http(
  { scope: 'label', json: true },
  async ({ parameters, body }): Promise<ObservationsResponse> => ({
    observations: await receiveObservations(services, await loadDeployed(parameters.useCase), body),
  }),
);
