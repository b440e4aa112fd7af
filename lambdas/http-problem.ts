import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Problem } from '../contracts/http.ts';
import { closestName } from '../lifecycle/inference/closest-name.ts';
import { ModelUnavailableError, NoModelError } from '../lifecycle/inference/errors.ts';
import { InvalidRequestError } from '../lifecycle/inference/parse-request.ts';
import { PredictionNotFoundError } from '../lifecycle/predictions/prediction-log.ts';
import { UnknownUseCaseError } from '../use-cases/load-use-case.ts';
import { BodyTooLargeError, InvalidJsonError, MissingScopeError } from './http-errors.ts';

/** How an error is told: RFC 9457, or `{"error": …}` as in the Open Inference Protocol. */
export type ErrorForm = 'problem details' | 'open inference';

/** Shapes an error into the answer that its caller sees; of one that is not the caller's, nothing but the request's id. */
export function toErrorResponse(error: unknown, requestId: string, form: ErrorForm): APIGatewayProxyStructuredResultV2 {
  const { retryAfterSeconds, ...problem } = findProblem(error) ?? internalProblem(requestId);
  const isProblem = form === 'problem details';
  return {
    statusCode: problem.status,
    headers: {
      'content-type': isProblem ? 'application/problem+json' : 'application/json',
      'cache-control': 'no-store',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify(isProblem ? problem : { error: problem.detail }),
  };
}

type Answer = Problem & { readonly retryAfterSeconds?: number };

function findProblem(error: unknown): Answer | undefined {
  if (error instanceof InvalidRequestError) {
    const errors = error.problems;
    const [only] = errors.length === 1 ? errors : [];
    const detail = only ? `${only.pointer || 'The body'}: ${only.detail}` : error.message;
    return { ...problem(400, 'invalid-request', 'The request does not fit the use case', detail), errors };
  }
  if (error instanceof InvalidJsonError) return problem(400, 'invalid-json', 'The body is not JSON', error.message);
  if (error instanceof MissingScopeError)
    return problem(403, 'missing-scope', 'The access key may not do this', error.message);
  if (error instanceof UnknownUseCaseError)
    return problem(404, 'unknown-use-case', 'There is no such use case', explainUnknown(error));
  if (error instanceof PredictionNotFoundError)
    return problem(404, 'unknown-prediction', 'There is no such prediction', error.message);
  if (error instanceof BodyTooLargeError) return problem(413, 'body-too-large', 'The body is too large', error.message);
  if (error instanceof NoModelError)
    return { ...problem(503, 'no-model', 'There is no model yet', error.message), retryAfterSeconds: 30 };
  if (error instanceof ModelUnavailableError)
    return {
      ...problem(503, 'model-unavailable', 'The model cannot be loaded now', error.message),
      retryAfterSeconds: 2,
    };
  return undefined;
}

function internalProblem(requestId: string): Answer {
  return problem(
    500,
    'internal-error',
    'The request failed',
    `This is not your fault. It was logged as request ${requestId}`,
  );
}

function problem(status: number, type: string, title: string, detail: string): Problem {
  return { type: `urn:perennial:problem:${type}`, title, status, detail };
}

function explainUnknown({ id, known, message }: UnknownUseCaseError): string {
  const meant = closestName(id, known);
  return meant === undefined ? message : `Unknown use case "${id}"; did you mean "${meant}"?`;
}
