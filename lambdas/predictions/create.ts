import type { PredictResponse } from '../../contracts/http.ts';
import type { InferenceResponse } from '../../contracts/open-inference.ts';
import { infer } from '../../lifecycle/inference/infer.ts';
import { resolveVersion } from '../../lifecycle/registry/aliases.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { byRoute, http } from '../http.ts';
import { predictor, registry } from '../predictor.ts';

/** `POST /use-cases/{useCase}/predictions`: a probability and a decision for each instance. */
const create = http({ scope: 'predict', json: true }, async ({ parameters, body }): Promise<PredictResponse> => {
  const useCase = await loadDeployed(parameters.useCase);
  return { predictions: await predictor.predict(useCase, body) };
});

/** `POST /v2/models/{useCase}[/versions/{version}]/infer`: the same in tensors, by the version that the path names. */
const createInference = http(
  { scope: 'predict', json: true, errorForm: 'open inference' },
  async ({ parameters, body }): Promise<InferenceResponse> => {
    const useCase = await loadDeployed(parameters.useCase);
    const version =
      parameters.version === undefined ? undefined : await resolveVersion(registry, useCase.id, parameters.version);
    return infer(predictor, useCase, body, { version });
  },
);

/** Both in one function, so that they share the models in its memory. */
export const handler = byRoute({
  'POST /use-cases/{useCase}/predictions': create,
  'POST /v2/models/{useCase}/infer': createInference,
  'POST /v2/models/{useCase}/versions/{version}/infer': createInference,
});
