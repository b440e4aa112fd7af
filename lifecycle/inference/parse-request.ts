import { type FeatureValue, type Instance, predictLimits } from '../../contracts/http.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { findIdMismatch, findMismatch, longestText } from './accepted-values.ts';
import { closestName } from './closest-name.ts';
import { isRecord } from './is-record.ts';

/** One row to score, known to fit its use case. */
export interface ParsedInstance {
  /** Every feature of the use case, null where it was not given. */
  readonly features: Instance;
  /** Features that were not given. */
  readonly imputed: readonly string[];
  readonly entityId: string | null;
  readonly observationId: string | null;
}

/** One thing wrong with a request. */
export interface RequestProblem {
  /** JSON pointer (RFC 6901) to it; `''` is the whole body. */
  readonly pointer: string;
  readonly detail: string;
}

/** Thrown when a request does not fit its use case; lists everything that is wrong with it, up to a hundred things. */
export class InvalidRequestError extends Error {
  override readonly name = 'InvalidRequestError';
  readonly problems: readonly RequestProblem[];

  constructor(problems: readonly RequestProblem[], total = problems.length) {
    const count = `The request has ${total} problem${total === 1 ? '' : 's'}`;
    super(total > problems.length ? `${count}; the first ${problems.length} are listed` : count);
    this.problems = problems;
  }
}

/** Checks a decoded JSON body and returns its rows. @throws {InvalidRequestError} */
export type RequestParser = (body: unknown) => ParsedInstance[];

/**
 * Derives the check of prediction requests from a use case.
 * A feature that is absent, null or (a category) `''` is missing, not wrong; a category may have any level.
 */
export function createRequestParser(useCase: UseCase): RequestParser {
  const fields = readFields(useCase);
  return body => {
    const report = createReport();
    const parsed = readInstances(body, report).map((instance, index) =>
      parseInstance(instance, `/instances/${index}`, fields, report),
    );
    report.throwIfAny();
    return parsed;
  };
}

const mostReported = 100;
const instancesField = 'instances';
const observationIdField = 'observationId';

interface Fields {
  readonly features: readonly (readonly [string, Feature])[];
  readonly entityColumn: string;
  readonly names: ReadonlySet<string>;
  /** What to say about a name that is no field but that a reader of the source may well send. */
  readonly hints: ReadonlyMap<string, string>;
}

interface Report {
  add(pointer: string, detail: string): void;
  throwIfAny(): void;
}

function readFields({ features, entity, excluded, label, source }: UseCase): Fields {
  return {
    features: Object.entries(features),
    entityColumn: entity.column,
    names: new Set([...Object.keys(features), entity.column, observationIdField]),
    hints: new Map([
      ...Object.entries(source.columns?.features ?? {}).map(([name, column]) => [column, didYouMean(name)] as const),
      ...Object.entries(excluded).map(([column, reason]) => [column, `not accepted: ${reason}`] as const),
      [label.column, 'not accepted: it is the label'],
    ]),
  };
}

function createReport(): Report {
  const problems: RequestProblem[] = [];
  let total = 0;
  return {
    add(pointer, detail) {
      total++;
      if (problems.length < mostReported) problems.push({ pointer, detail });
    },
    throwIfAny() {
      if (total > 0) throw new InvalidRequestError(problems, total);
    },
  };
}

function readInstances(body: unknown, report: Report): readonly unknown[] {
  if (!isRecord(body)) {
    report.add('', `expected an object with "${instancesField}", got ${show(body)}`);
    return [];
  }
  for (const name of Object.keys(body)) {
    if (name !== instancesField) report.add(`/${escapePointer(name)}`, explainUnknown(name, [instancesField]));
  }
  const instances = ownValue(body, instancesField);
  if (!Array.isArray(instances)) {
    report.add(`/${instancesField}`, `expected an array of objects, got ${show(instances)}`);
    return [];
  }
  if (instances.length < 1 || instances.length > predictLimits.instances) {
    report.add(
      `/${instancesField}`,
      `expected 1 to ${predictLimits.instances.toLocaleString('en')} instances, got ${instances.length.toLocaleString('en')}`,
    );
    return [];
  }
  return instances;
}

function parseInstance(instance: unknown, pointer: string, fields: Fields, report: Report): ParsedInstance {
  if (!isRecord(instance)) {
    report.add(pointer, `expected an object, got ${show(instance)}`);
    return { features: {}, imputed: [], entityId: null, observationId: null };
  }
  for (const name of Object.keys(instance)) {
    if (fields.names.has(name)) continue;
    report.add(`${pointer}/${escapePointer(name)}`, fields.hints.get(name) ?? explainUnknown(name, fields.names));
  }
  return {
    ...parseFeatures(instance, pointer, fields, report),
    entityId: parseId(instance, fields.entityColumn, pointer, report),
    observationId: parseId(instance, observationIdField, pointer, report),
  };
}

function parseFeatures(
  instance: Readonly<Record<string, unknown>>,
  pointer: string,
  { features }: Fields,
  report: Report,
): Pick<ParsedInstance, 'features' | 'imputed'> {
  const values: Record<string, FeatureValue> = {};
  const imputed: string[] = [];
  for (const [name, feature] of features) {
    const value = ownValue(instance, name) ?? null;
    if (value === null || (value === '' && feature.type === 'category')) {
      values[name] = null;
      imputed.push(name);
    } else {
      const expected = findMismatch(feature, value);
      if (expected) report.add(`${pointer}/${name}`, `expected ${expected}, got ${show(value)}`);
      values[name] = value as FeatureValue;
    }
  }
  return { features: values, imputed };
}

function parseId(
  instance: Readonly<Record<string, unknown>>,
  field: string,
  pointer: string,
  report: Report,
): string | null {
  const id = ownValue(instance, field) ?? null;
  if (id === null) return null;
  const expected = findIdMismatch(id);
  if (expected) report.add(`${pointer}/${escapePointer(field)}`, `expected ${expected}, got ${show(id)}`);
  return String(id);
}

function explainUnknown(name: string, accepted: Iterable<string>): string {
  const meant = closestName(name, accepted);
  return meant === undefined ? `unknown field; accepted are ${[...accepted].join(', ')}` : didYouMean(meant);
}

function didYouMean(name: string): string {
  return `unknown field; did you mean "${name}"?`;
}

/** The value of a key that the caller sent, never one that every object inherits. */
function ownValue(record: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function escapePointer(name: string): string {
  return shorten(name).replaceAll('~', '~0').replaceAll('/', '~1');
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (isRecord(value)) return 'an object';
  return typeof value === 'string' ? JSON.stringify(shorten(value)) : String(value);
}

function shorten(text: string): string {
  return text.length <= longestText ? text : `${text.slice(0, longestText)}…`;
}
