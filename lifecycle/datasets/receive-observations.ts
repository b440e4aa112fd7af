import { hash } from 'node:crypto';
import { type ObservationResult, observationLimits } from '../../contracts/observations.ts';
import type { Objects } from '../../platform/objects.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { type Clock, latestTold } from '../clock.ts';
import { readItems } from '../inference/read-items.ts';
import { landingPrefix } from './landing-keys.ts';
import { createObservationReader, type Observation } from './parse-observation.ts';
import { fileColumns } from './parse-row.ts';

export interface ReceiveObservationsServices {
  readonly objects: Objects;
  readonly clock: Clock;
}

/**
 * Lands the good observations of a request as one file, which the next batch takes like any other. The same observations make the same file, and ingest knows
 * rows by their ids, so that a request may be repeated.
 *
 * @param body the decoded JSON of the request
 * @returns what became of each, in their order
 * @throws {InvalidRequestError} when the body is no list of 1 to 5,000 observations
 */
export async function receiveObservations(
  { objects, clock }: ReceiveObservationsServices,
  useCase: UseCase,
  body: unknown,
): Promise<ObservationResult[]> {
  const read = createObservationReader(useCase, latestTold(clock));
  const lines = new Map<string, string>();
  const results = readItems(body, 'observations', observationLimits.observations).map((item): ObservationResult => {
    const observation = read(item);
    if (typeof observation === 'string') return { result: 'rejected', reason: observation };
    const { observationId } = observation;
    const line = JSON.stringify(toRecord(useCase, observation));
    const before = lines.get(observationId);
    if (before === undefined) {
      lines.set(observationId, line);
      return { result: 'accepted', observationId };
    }
    if (before === line) return { result: 'duplicate', observationId };
    return { result: 'rejected', reason: `observation id "${observationId}" has other values earlier in this request` };
  });
  if (lines.size > 0) await land(objects, useCase, Array.from(lines.values()));
  return results;
}

async function land(objects: Objects, useCase: UseCase, lines: readonly string[]): Promise<void> {
  const text = `${lines.join('\n')}\n`;
  const key = `${landingPrefix(useCase.id)}observations/${hash('sha256', text).slice(0, 32)}.ndjson`;
  await objects.write(key, text, 'application/x-ndjson');
}

/** An observation in the words of the use case's files. */
function toRecord(useCase: UseCase, { observationId, entityId, eventTime, features, label }: Observation): object {
  const names = fileColumns(useCase);
  const { positive, negative } = useCase.label;
  return {
    [names.observationId]: observationId,
    // A row without an entity is one of its own.
    ...(entityId !== undefined && { [names.entityId]: entityId }),
    [names.eventTime]: new Date(eventTime).toISOString(),
    ...Object.fromEntries(names.features.map((name, index) => [name, features[index]])),
    [names.label]: label === null ? null : label === 1 ? positive : negative,
  };
}
