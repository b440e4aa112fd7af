import { environmentNames } from '../../contracts/environment.ts';
import { resolveVersion } from '../../lifecycle/registry/aliases.ts';
import { makeCard } from '../../lifecycle/registry/make-card.ts';
import { renderCard } from '../../lifecycle/registry/render-card.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { prefers } from '../accepted-types.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { HttpAnswer, http } from '../http.ts';

const services = {
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
};

/** `GET …/versions/{version}/card`: all that there is to know about a version before relying on it, as JSON or, to who prefers that, as Markdown. */
export const handler = http({ scope: 'view' }, async ({ parameters, headers }) => {
  const useCase = await loadDeployed(parameters.useCase);
  const version = await resolveVersion(services.registry, useCase.id, parameters.version ?? '');
  const card = await makeCard(services, useCase, version);
  const vary = { vary: 'accept' };
  return prefers(headers.accept, 'text/markdown', 'application/json')
    ? new HttpAnswer(renderCard(card), { headers: { ...vary, 'content-type': 'text/markdown; charset=utf-8' } })
    : new HttpAnswer(card, { headers: vary });
});
