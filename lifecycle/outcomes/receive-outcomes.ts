import { type OutcomeResult, outcomeLimits } from '../../contracts/outcomes.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { InvalidRequestError } from '../inference/parse-request.ts';
import { findTargets, type TargetServices } from './find-targets.ts';
import { createOutcome, type Outcome, outcomeTarget } from './outcome.ts';
import { logOutcomes } from './outcome-log.ts';
import { clockSkewMs, createOutcomeParser, type OutcomeFields, type OutcomeParser } from './parse-outcome.ts';

export interface ReceiveOutcomesOptions extends TargetServices {
  /** Told when it could not be found out whether the targets are there; the outcomes are kept nevertheless. */
  readonly onLookUpFailed: (error: unknown) => void;
}

/** Names of an outcome's values in a request. */
const fields: OutcomeFields = {
  predictionId: 'predictionId',
  observationId: 'observationId',
  label: 'label',
  observedAt: 'observedAt',
};

/**
 * Keeps the outcomes of a request, each for itself: a bad one does not touch the others.
 *
 * @param body the decoded JSON of the request
 * @param by id of the access key it came with
 * @returns what became of each, in their order
 * @throws {InvalidRequestError} when the body is no list of 1 to 1,000 outcomes
 */
export async function receiveOutcomes(
  options: ReceiveOutcomesOptions,
  useCase: UseCase,
  body: unknown,
  by: string,
): Promise<OutcomeResult[]> {
  const { predictions, clock } = options;
  const now = clock.now();
  const parse = createOutcomeParser(useCase, fields, new Date(now.getTime() + clockSkewMs / clock.real(1)));
  const read = readItems(body).map((item): Outcome | string => {
    const parsed = parseItem(item, parse);
    if (typeof parsed === 'string') return parsed;
    return createOutcome({ ...parsed, useCase: useCase.id, receivedAt: now.toISOString(), by });
  });
  const outcomes = read.filter(item => typeof item !== 'string');
  const logged = await logOutcomes(predictions, outcomes);
  const fresh = outcomes.filter((_, index) => logged[index] === 'accepted');
  const targets = await findTargetsIfPossible(options, useCase.id, fresh);
  let index = 0;
  return read.map(item => {
    if (typeof item === 'string') return { result: 'rejected', reason: item };
    const { outcomeId } = item;
    if (logged[index++] === 'duplicate') return { result: 'duplicate', outcomeId };
    const isKnown = targets === undefined || targets.has(outcomeTarget(item));
    return { result: isKnown ? 'accepted' : 'unknown target', outcomeId };
  });
}

function readItems(body: unknown): readonly unknown[] {
  const outcomes = isRecord(body) ? body.outcomes : undefined;
  const expected = `an array of 1 to ${outcomeLimits.outcomes.toLocaleString('en')} outcomes`;
  const refuse = (got: string) => {
    throw new InvalidRequestError([{ pointer: '/outcomes', detail: `expected ${expected}, got ${got}` }]);
  };
  if (!Array.isArray(outcomes)) return refuse(outcomes === undefined ? 'nothing' : `${typeof outcomes}`);
  if (outcomes.length < 1 || outcomes.length > outcomeLimits.outcomes) {
    return refuse(outcomes.length.toLocaleString('en'));
  }
  return outcomes;
}

function parseItem(item: unknown, parse: OutcomeParser) {
  if (!isRecord(item)) return 'expected an object';
  const unknown = Object.keys(item).filter(name => !(name in fields));
  if (unknown.length === 0) return parse(item);
  return `unknown field ${unknown.map(name => `"${name.slice(0, 60)}"`).join(', ')}; accepted are ${Object.keys(fields).join(', ')}`;
}

/** Undefined where the lake does not answer: what was kept is no worse for that. */
async function findTargetsIfPossible(
  options: ReceiveOutcomesOptions,
  useCase: string,
  outcomes: readonly Outcome[],
): Promise<Set<string> | undefined> {
  try {
    return await findTargets(options, useCase, outcomes);
  } catch (error) {
    options.onLookUpFailed(error);
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
