import { MalformedMessageError } from '../../ml/onnx/read-message.ts';
import { type DeclaredTensor, type ModelOutline, type OperatorUse, readModel } from '../../ml/onnx/read-model.ts';
import { probabilitiesOutput } from '../inference/model-session.ts';
import type { SignatureFeature } from '../inference/model-signature.ts';
import { isAllowed } from './allowed-operators.ts';

/** Thrown when a model that somebody else made cannot be a version, with everything that was found wrong at once. */
export class ForeignModelError extends Error {
  override readonly name = 'ForeignModelError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(`Cannot import the model: ${problems.join('; ')}`, options);
    this.problems = problems;
  }
}

/** Largest file of a model, in bytes: as much as the gate usually lets pass. */
export const foreignModelLimit = 50e6;

/** @param bytes size of the file, known before it is read @throws {ForeignModelError} */
export function requireModelSize(bytes: number): void {
  if (bytes > foreignModelLimit) {
    throw new ForeignModelError([`it has ${bytes} bytes, at most ${foreignModelLimit} (50 MB) are accepted`]);
  }
}

/**
 * Checks what a foreign model consists of before anything of it runs: operators on the list, nothing outside the file, no graph inside an operator, and of the
 * features that its signature names exactly one input each.
 *
 * @throws {ForeignModelError}
 */
export function checkOutline(onnx: Uint8Array, features: readonly SignatureFeature[]): void {
  requireModelSize(onnx.length);
  const outline = readOutline(onnx);
  const problems = [...contentProblems(outline), ...inputProblems(outline, features), ...outputProblems(outline)];
  if (problems.length > 0) throw new ForeignModelError(problems);
}

function readOutline(onnx: Uint8Array): ModelOutline {
  try {
    return readModel(onnx);
  } catch (cause) {
    if (!(cause instanceof MalformedMessageError)) throw cause;
    throw new ForeignModelError([`its ${onnx.length} bytes are no whole ONNX file: ${cause.message}`], { cause });
  }
}

function contentProblems({ operators, externalTensors, withSubgraphs, functions }: ModelOutline): string[] {
  const problems: string[] = [];
  const forbidden = operators.filter(use => !isAllowed(use));
  if (forbidden.length > 0) problems.push(`operators that are not accepted: ${names(forbidden.map(operatorName))}`);
  if (withSubgraphs.length > 0)
    problems.push(`operators with a graph of their own: ${names(withSubgraphs.map(operatorName))}`);
  if (externalTensors.length > 0)
    problems.push(`values outside the file (external data) for ${names(externalTensors)}; save it as one file`);
  if (functions > 0) problems.push(`${functions} functions or training graphs of its own; none are accepted`);
  return problems;
}

function inputProblems({ inputs }: ModelOutline, features: readonly SignatureFeature[]): string[] {
  const byName = new Map(inputs.map(input => [input.name, input]));
  const named = new Set(features.map(({ name }) => name));
  const unnamed = inputs.filter(({ name }) => !named.has(name)).map(({ name }) => name);
  return [
    ...features.flatMap(feature => featureProblems(feature, byName.get(feature.name))),
    ...(unnamed.length > 0 ? [`inputs that the signature does not name as features: ${names(unnamed)}`] : []),
  ];
}

function featureProblems({ name, kind }: SignatureFeature, input: DeclaredTensor | undefined): string[] {
  if (!input) return [`no input "${name}", which the signature names as a feature`];
  const element = kind === 'number' ? 'float32' : 'string';
  const isColumn = input.shape === null || (input.shape.length === 2 && input.shape[1] === 1);
  const isBatch = input.shape === null || input.shape[0] === null;
  if (input.element === element && isColumn && isBatch) return [];
  return [`input "${name}" is ${describe(input)}, expected ${element} [N, 1]`];
}

function outputProblems({ outputs }: ModelOutline): string[] {
  const output = outputs.find(({ name }) => name === probabilitiesOutput);
  if (!output) {
    const found = names(outputs.map(({ name }) => name));
    return [`no output "${probabilitiesOutput}" (float32 [N, 2]: negative, positive), only ${found}`];
  }
  return output.element === 'float32'
    ? []
    : [`output "${output.name}" is ${describe(output)}, expected float32 [N, 2]`];
}

function describe({ element, shape }: DeclaredTensor): string {
  return shape ? `${element} [${shape.map(size => size ?? 'N').join(', ')}]` : element;
}

function operatorName({ domain, operator }: OperatorUse): string {
  return domain === 'ai.onnx' ? operator : `${domain}.${operator}`;
}

/** As many names as people read. */
const namesShown = 5;

function names(all: readonly string[]): string {
  const shown = all.slice(0, namesShown).map(name => `"${name.slice(0, 64)}"`);
  const rest = all.length > shown.length ? ` and ${all.length - shown.length} more` : '';
  return `${shown.join(', ') || 'none'}${rest}`;
}
