import type { InferenceResponse } from '../../contracts/open-inference.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { writeResponse } from './open-inference.ts';
import { InvalidRequestError } from './parse-request.ts';
import { explainProblems, InvalidInferenceError, parseTensors } from './parse-tensors.ts';
import type { Predictor } from './predict.ts';

/**
 * Answers a request of the Open Inference Protocol as any other request: checked, routed and logged alike.
 *
 * @param body the decoded JSON of a request
 * @param options.version as for a prediction
 * @throws {InvalidInferenceError} and what a prediction throws beside its own check
 */
export async function infer(
  predictor: Predictor,
  useCase: UseCase,
  body: unknown,
  options: { readonly version?: number },
): Promise<InferenceResponse> {
  const { id, outputs, body: rows } = parseTensors(useCase, body);
  try {
    const predictions = await predictor.predict(useCase, rows, options);
    return writeResponse(useCase, { id, outputs, predictions });
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    throw new InvalidInferenceError(explainProblems(useCase, error.problems), { cause: error });
  }
}
