import { environmentNames } from '../../contracts/environment.ts';
import type { OutcomesResponse } from '../../contracts/outcomes.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { receiveOutcomes } from '../../lifecycle/outcomes/receive-outcomes.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { http, logger } from '../http.ts';

const services = {
  predictions: connectTable(requiredVariable(environmentNames.predictionsTable)),
  athena: connectDeployedAthena(),
  clock: readClock(),
  onLookUpFailed: (error: unknown) => logger.warn('Targets not looked up', error as Error),
};

/** `POST /use-cases/{useCase}/outcomes`: keeps true labels, and says of each what became of it. */
export const handler = http(
  { scope: 'label', json: true },
  async ({ parameters, body, keyId }): Promise<OutcomesResponse> => {
    const useCase = await loadDeployed(parameters.useCase);
    return { outcomes: await receiveOutcomes(services, useCase, body, keyId) };
  },
);
