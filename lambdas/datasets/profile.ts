import { environmentNames } from '../../contracts/environment.ts';
import type { ProfileResponse } from '../../contracts/profile.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { profileObservations } from '../../lifecycle/profile/profile-observations.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { http } from '../http.ts';

const useCases = requiredVariable(environmentNames.useCases).split(',');
const services = {
  athena: connectDeployedAthena(),
  clock: readClock(),
};

/** `GET /use-cases/{useCase}/profile`: what the mature observations look like. */
export const handler = http({ scope: 'view' }, async ({ parameters }): Promise<ProfileResponse> => {
  return profileObservations(services, await loadUseCase(parameters.useCase ?? '', useCases));
});
