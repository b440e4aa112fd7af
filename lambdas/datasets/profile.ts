import type { ProfileResponse } from '../../contracts/profile.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { profileObservations } from '../../lifecycle/profile/profile-observations.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { http } from '../http.ts';

const services = {
  athena: connectDeployedAthena(),
  clock: readClock(),
};

/** `GET /use-cases/{useCase}/profile`: what the mature observations look like. */
export const handler = http({ scope: 'view' }, async ({ parameters }): Promise<ProfileResponse> => {
  return profileObservations(services, await loadDeployed(parameters.useCase));
});
