import { hash } from 'node:crypto';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { closestName } from '../inference/closest-name.ts';
import { isRecord } from '../inference/is-record.ts';
import { createRowParser, type FileColumns, type ParsedRow } from './parse-row.ts';
import { timeWords } from './parse-time.ts';

/** A row that somebody sent, with an id and a time. */
export interface Observation extends ParsedRow {
  readonly observationId: string;
  readonly eventTime: number;
}

/** Reads an item of a request, or says everything that is wrong with it in one text. */
export type ObservationReader = (item: unknown) => Observation | string;

/**
 * Makes the reader of a use case's observations. They say what the row of a file may say, under the names of a prediction's instances.
 *
 * @param latest the latest instant that one may have
 */
export function createObservationReader(useCase: UseCase, latest: Date): ObservationReader {
  const names = requestFields(useCase);
  const parse = createRowParser(useCase, { names });
  const known = [names.observationId, names.entityId, names.eventTime, ...names.features, names.label];
  return item => {
    if (!isRecord(item)) return 'expected an object';
    const parsed = parse(withoutNulls(item));
    const problems = [
      ...Object.keys(item).flatMap(name => findFieldProblem(name, item[name], known, useCase)),
      ...(typeof parsed === 'string' ? [parsed] : findTimeProblem(names.eventTime, parsed.eventTime, latest)),
    ];
    if (problems.length > 0 || typeof parsed === 'string') return problems.join('; ');
    return {
      ...parsed,
      eventTime: parsed.eventTime!,
      observationId: parsed.observationId ?? identify(useCase, parsed),
    };
  };
}

/** Names of an observation's values in a request. */
export function requestFields({ entity, features, label }: UseCase): FileColumns {
  return {
    observationId: 'observationId',
    entityId: entity.column,
    eventTime: 'eventTime',
    label: label.column,
    features: Object.keys(features),
  };
}

/** A value that is null is one that was left out. */
function withoutNulls(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}

function findFieldProblem(name: string, value: unknown, known: readonly string[], { excluded }: UseCase): string[] {
  if (Object.hasOwn(excluded, name)) return [`${name} is not accepted: ${excluded[name]}`];
  if (!known.includes(name)) {
    const meant = closestName(name, known);
    return [`unknown field "${name.slice(0, 60)}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`];
  }
  const isPlain = typeof value !== 'object' || value === null;
  return isPlain ? [] : [`${name} is ${Array.isArray(value) ? 'an array' : 'an object'}, expected a plain value`];
}

function findTimeProblem(name: string, time: number | undefined, latest: Date): string[] {
  if (time === undefined) return [`${name} is absent, expected ${timeWords}`];
  return time > latest.getTime()
    ? [`${name} is "${new Date(time).toISOString()}", expected no time in the future`]
    : [];
}

/** The id of a row that was sent without one: the same values have the same, whether the label is known by now or not. */
function identify({ id }: UseCase, { entityId, eventTime, features }: ParsedRow): string {
  return hash('sha256', JSON.stringify([id, entityId ?? null, eventTime, features])).slice(0, 32);
}
