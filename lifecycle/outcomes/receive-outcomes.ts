import { type OutcomeResult, outcomeLimits } from '../../contracts/outcomes.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { latestTold } from '../clock.ts';
import { isRecord } from '../inference/is-record.ts';
import { readItems } from '../inference/read-items.ts';
import { findTargets, type TargetServices } from './find-targets.ts';
import { createOutcome, type Outcome, outcomeTarget } from './outcome.ts';
import { logOutcomes } from './outcome-log.ts';
import { createOutcomeParser, type OutcomeFields, type OutcomeParser } from './parse-outcome.ts';

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
  const receivedAt = clock.now().toISOString();
  const parse = createOutcomeParser(useCase, fields, latestTold(clock));
  const read = readItems(body, 'outcomes', outcomeLimits.outcomes).map((item): Outcome | string => {
    const parsed = parseItem(item, parse);
    if (typeof parsed === 'string') return parsed;
    return createOutcome({ ...parsed, useCase: useCase.id, receivedAt, by });
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
