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
  if (error instanceof UnknownUseCaseError)
    return problem(404, 'unknown-use-case', 'There is no such use case', explainUnknown(error));
  if (error instanceof NoModelError)
    return { ...problem(503, 'no-model', 'There is no model yet', error.message), retryAfterSeconds: 30 };
  if (error instanceof ModelUnavailableError)
    return {
      ...problem(503, 'model-unavailable', 'The model cannot be loaded now', error.message),
      retryAfterSeconds: 2,
    };
  const row = told.find(([kind]) => error instanceof kind);
  if (!row) return undefined;
  const [, status, type, title] = row;
  return problem(status, type, title, (error as Error).message);
}

/** Errors whose message is what their callers see: status, type and title of their problem. */
const told: readonly (readonly [new (...args: never[]) => Error, number, string, string])[] = [
  [InvalidInferenceError, 400, 'invalid-request', 'The request does not fit the use case'],
  // The protocol says 4xx: what is asked for is not there, and nothing is wrong here.
  [NotReadyError, 400, 'not-ready', 'There is no model to answer'],
  [InvalidJsonError, 400, 'invalid-json', 'The body is not JSON'],
  [MissingScopeError, 403, 'missing-scope', 'The access key may not do this'],
  [PredictionNotFoundError, 404, 'unknown-prediction', 'There is no such prediction'],
  [VersionNotFoundError, 404, 'unknown-version', 'There is no such version'],
  [ReportNotFoundError, 404, 'unknown-report', 'There is no such report'],
  [RunNotFoundError, 404, 'unknown-run', 'There is no such run'],
  [ExperimentNotFoundError, 404, 'unknown-experiment', 'There is no such experiment'],
  [ReleaseNotFoundError, 404, 'unknown-release', 'There is no such release'],
  [ExecutionNotFoundError, 404, 'unknown-execution', 'There is no such execution'],
  [LifecycleBusyError, 409, 'lifecycle-running', 'Another execution is running'],
  [IdempotencyKeyReusedError, 422, 'idempotency-key-reused', 'The idempotency key belongs to another request'],
  [ReleaseRunningError, 409, 'release-running', 'Another release is running'],
  [NotReleasableError, 409, 'not-releasable', 'The version cannot be released'],
  [NoApprovalWantedError, 409, 'no-approval-wanted', 'The release waits for no approval'],
  [CannotRollBackError, 409, 'cannot-roll-back', 'There is nothing to go back to'],
  [BodyTooLargeError, 413, 'body-too-large', 'The body is too large'],
];

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
