import { type FeatureValue, predictLimits } from '../../contracts/http.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { outputNames } from './open-inference.ts';
import type { RequestProblem } from './parse-request.ts';

/** A request of the Open Inference Protocol, its tensors turned into rows. */
export interface InferenceRequest {
  readonly id: string | undefined;
  /** Names of the outputs that are wanted; undefined for all. */
  readonly outputs: readonly string[] | undefined;
  /** Body of a prediction request, which our own check of requests decides on. */
  readonly body: { readonly instances: readonly Readonly<Record<string, unknown>>[] };
}

/** Thrown when a request is none of the protocol, or its rows do not fit the use case. */
export class InvalidInferenceError extends Error {
  override readonly name = 'InvalidInferenceError';
}

/**
 * Reads tensors as rows. Whether the values of a row fit the use case is not looked at.
 *
 * @param body decoded JSON
 * @throws {InvalidInferenceError}
 */
export function parseTensors(useCase: UseCase, body: unknown): InferenceRequest {
  const request = requireRecord(body, 'the request');
  const { id, inputs, outputs, parameters = {} } = request;
  if (id !== undefined && typeof id !== 'string') fail(`"id" is ${show(id)}, expected a string`);
  if (!Array.isArray(inputs) || inputs.length === 0) fail(`"inputs" is ${show(inputs)}, expected tensors`);
  const columns = new Map<string, readonly FeatureValue[]>();
  for (const input of inputs) {
    const { name, values } = readTensor(input);
    if (columns.has(name)) fail(`input "${name}" is given twice`);
    columns.set(name, values);
  }
  const rows = requireOneLength(columns);
  addIds(columns, useCase, requireRecord(parameters, '"parameters"'), rows);
  const names = [...columns.keys()];
  const instances = Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(names.map(name => [name, columns.get(name)![row]])),
  );
  return { id, outputs: readWanted(outputs), body: { instances } };
}

/** Words what our own check of requests found, by inputs and parameters rather than by rows. */
export function explainProblems({ entity }: UseCase, problems: readonly RequestProblem[]): string {
  const parameterOf = new Map([
    [entity.column, unitParameter],
    ['observationId', observationParameter],
  ]);
  const byField = Map.groupBy(problems, ({ pointer, detail }) => {
    const field = pointer.split('/')[3] ?? '';
    const parameter = parameterOf.get(field);
    return `${parameter ? `parameter "${parameter}"` : field === '' ? 'the request' : `input "${field}"`}: ${detail}`;
  });
  return [...byField].map(([words, found]) => `${words}${rowWords(found)}`).join('; ');
}

/** Names of the parameters that say whom the rows are about. */
const unitParameter = 'unit';
const observationParameter = 'observation_id';

/** Datatypes of the protocol whose values JSON can hold. */
export const datatypes = [
  ...(['FP16', 'FP32', 'FP64', 'INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64'] as const),
  ...(['BOOL', 'BYTES'] as const),
] as const;

function isOfType(value: unknown, datatype: string): boolean {
  if (datatype === 'BOOL') return typeof value === 'boolean';
  if (datatype === 'BYTES') return typeof value === 'string';
  return datatype.startsWith('FP') ? typeof value === 'number' : Number.isInteger(value);
}

function readTensor(input: unknown): { name: string; values: readonly FeatureValue[] } {
  const { name, shape, datatype, data } = requireRecord(input, 'an input');
  if (typeof name !== 'string') fail(`an input's "name" is ${show(name)}, expected a string`);
  if (typeof datatype !== 'string' || !datatypes.some(name => name === datatype))
    fail(`input "${name}" has the datatype ${show(datatype)}, expected one of ${datatypes.join(', ')}`);
  const rows = readRows(name, shape);
  if (!Array.isArray(data))
    fail(`input "${name}" has ${show(data)} for data, expected an array (binary data is not read)`);
  const values: FeatureValue[] = data.flat();
  if (values.length !== rows) fail(`input "${name}" has ${values.length} values, its shape says ${rows}`);
  const wrong = values.find(value => value !== null && !isOfType(value, datatype));
  if (wrong !== undefined) fail(`input "${name}" has the value ${show(wrong)}, which is no ${datatype}`);
  return { name, values };
}

/** A feature is one number or word a row. */
function readRows(name: string, shape: unknown): number {
  const sizes = Array.isArray(shape) ? shape : [];
  const isColumn = (sizes.length === 1 || (sizes.length === 2 && sizes[1] === 1)) && Number.isSafeInteger(sizes[0]);
  if (!isColumn) fail(`input "${name}" has the shape ${JSON.stringify(shape)?.slice(0, 64)}, expected [N] or [N, 1]`);
  const [rows] = sizes as [number];
  if (rows < 1 || rows > predictLimits.instances) {
    fail(`input "${name}" has ${rows} rows, expected 1 to ${predictLimits.instances.toLocaleString('en')}`);
  }
  return rows;
}

function requireOneLength(columns: ReadonlyMap<string, readonly FeatureValue[]>): number {
  const [[first, values]] = [...columns] as [[string, readonly FeatureValue[]]];
  for (const [name, { length }] of columns) {
    if (length !== values.length) fail(`input "${name}" has ${length} rows, "${first}" has ${values.length}`);
  }
  return values.length;
}

/** Adds the entity's column and the observation ids. One unit stands for all rows; an observation is one row. */
function addIds(
  columns: Map<string, readonly FeatureValue[]>,
  { entity }: UseCase,
  { [unitParameter]: unit, [observationParameter]: observation }: Readonly<Record<string, unknown>>,
  rows: number,
): void {
  const add = (column: string, parameter: string, values: unknown) => {
    if (values === undefined || values === null) return;
    const ids = Array.isArray(values) ? values : Array(parameter === unitParameter ? rows : 1).fill(values);
    if (ids.length !== rows) fail(`parameter "${parameter}" has ${ids.length} ids for ${rows} rows`);
    if (columns.has(column)) fail(`"${column}" is given as an input and as the parameter "${parameter}"`);
    columns.set(column, ids);
  };
  add(entity.column, unitParameter, unit);
  add('observationId', observationParameter, observation);
}

function readWanted(outputs: unknown): readonly string[] | undefined {
  if (outputs === undefined) return undefined;
  if (!Array.isArray(outputs)) fail(`"outputs" is ${show(outputs)}, expected an array`);
  return outputs.map(output => {
    const { name } = requireRecord(output, 'an output');
    if (typeof name !== 'string' || !outputNames.includes(name))
      fail(`there is no output ${show(name)}; there are ${outputNames.join(', ')}`);
    return name;
  });
}

/** As many rows as people read. */
const rowsShown = 5;

function rowWords(problems: readonly RequestProblem[]): string {
  const rows = problems.map(({ pointer }) => pointer.split('/')[2]).filter(row => row !== undefined);
  if (rows.length === 0) return '';
  const rest = rows.length > rowsShown ? ` and ${rows.length - rowsShown} more` : '';
  return ` (row ${rows.slice(0, rowsShown).join(', ')}${rest})`;
}

function requireRecord(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail(`${what} is ${show(value)}, expected an object`);
  return value as Readonly<Record<string, unknown>>;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  return JSON.stringify(value).slice(0, 128);
}

function fail(problem: string): never {
  throw new InvalidInferenceError(problem);
}
