import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Problem } from '../contracts/http.ts';
import { closestName } from '../lifecycle/inference/closest-name.ts';
import { ModelUnavailableError, NoModelError, NotReadyError } from '../lifecycle/inference/errors.ts';
import { InvalidRequestError } from '../lifecycle/inference/parse-request.ts';
import { InvalidInferenceError } from '../lifecycle/inference/parse-tensors.ts';
import { ReportNotFoundError } from '../lifecycle/monitoring/reports.ts';
import { PredictionNotFoundError } from '../lifecycle/predictions/prediction-log.ts';
import { ExecutionNotFoundError, IdempotencyKeyReusedError } from '../lifecycle/registry/execution-errors.ts';
import { ExperimentNotFoundError } from '../lifecycle/registry/experiments.ts';
import { LifecycleBusyError } from '../lifecycle/registry/lifecycle-lease.ts';
import { RunNotFoundError } from '../lifecycle/registry/runs.ts';
import { VersionNotFoundError } from '../lifecycle/registry/versions.ts';
import {
  CannotRollBackError,
  NoApprovalWantedError,
  NotReleasableError,
  ReleaseNotFoundError,
  ReleaseRunningError,
} from '../lifecycle/release/errors.ts';
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

/** Whether an error is ours: neither the caller's, nor that of a use case that has no model yet. */
export function isFault(error: unknown): boolean {
  return (findProblem(error)?.status ?? 500) >= 500 && !(error instanceof NoModelError);
}

type Answer = Problem & { readonly retryAfterSeconds?: number };

function findProblem(error: unknown): Answer | undefined {
  if (error instanceof InvalidRequestError) {
    const errors = error.problems;
    const [only] = errors.length === 1 ? errors : [];
    const detail = only ? `${only.pointer || 'The body'}: ${only.detail}` : error.message;
    return { ...problem(400, 'invalid-request', 'The request does not fit the use case', detail), errors };
  }
  if (error instanceof InvalidInferenceError)
    return problem(400, 'invalid-request', 'The request does not fit the use case', error.message);
  // The protocol says 4xx: what is asked for is not there, and nothing is wrong here.
  if (error instanceof NotReadyError) return problem(400, 'not-ready', 'There is no model to answer', error.message);
  if (error instanceof InvalidJsonError) return problem(400, 'invalid-json', 'The body is not JSON', error.message);
  if (error instanceof MissingScopeError)
    return problem(403, 'missing-scope', 'The access key may not do this', error.message);
  if (error instanceof UnknownUseCaseError)
    return problem(404, 'unknown-use-case', 'There is no such use case', explainUnknown(error));
  if (error instanceof PredictionNotFoundError)
    return problem(404, 'unknown-prediction', 'There is no such prediction', error.message);
  if (error instanceof VersionNotFoundError)
    return problem(404, 'unknown-version', 'There is no such version', error.message);
  if (error instanceof ReportNotFoundError)
    return problem(404, 'unknown-report', 'There is no such report', error.message);
  if (error instanceof RunNotFoundError) return problem(404, 'unknown-run', 'There is no such run', error.message);
  if (error instanceof ExperimentNotFoundError)
    return problem(404, 'unknown-experiment', 'There is no such experiment', error.message);
  if (error instanceof ReleaseNotFoundError)
    return problem(404, 'unknown-release', 'There is no such release', error.message);
  if (error instanceof ExecutionNotFoundError)
    return problem(404, 'unknown-execution', 'There is no such execution', error.message);
  if (error instanceof LifecycleBusyError)
    return problem(409, 'lifecycle-running', 'Another execution is running', error.message);
  if (error instanceof IdempotencyKeyReusedError)
    return problem(422, 'idempotency-key-reused', 'The idempotency key belongs to another request', error.message);
  if (error instanceof ReleaseRunningError)
    return problem(409, 'release-running', 'Another release is running', error.message);
  if (error instanceof NotReleasableError)
    return problem(409, 'not-releasable', 'The version cannot be released', error.message);
  if (error instanceof NoApprovalWantedError)
    return problem(409, 'no-approval-wanted', 'The release waits for no approval', error.message);
  if (error instanceof CannotRollBackError)
    return problem(409, 'cannot-roll-back', 'There is nothing to go back to', error.message);
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
