import type { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import type { Instance } from '../../contracts/http.ts';
import { type FeatureColumn, missingCode } from '../../ml/columns.ts';
import { ModelContractError, UnreadableModelError } from './errors.ts';
import { withRuntime } from './onnx-runtime.ts';

/** One input of the graph: a feature. */
export interface ModelInput {
  readonly name: string;
  readonly kind: FeatureColumn['kind'];
}

/** An ONNX model that is loaded and ready to answer. */
export interface ModelSession {
  /** One per feature, in the graph's order. */
  readonly inputs: readonly ModelInput[];
  /** Probability of the positive class of each row. @throws {ModelContractError} when a feature's column is missing or of the other kind */
  score(columns: readonly FeatureColumn[]): Promise<Float64Array>;
  /** Probability of the positive class of each instance; a feature that is absent, null or `''` counts as missing. */
  scoreInstances(instances: readonly Instance[]): Promise<Float64Array>;
  /** Gives the model's memory back; the session must not be used after. */
  close(): Promise<void>;
}

/**
 * Loads an ONNX model that keeps the model contract: one `[N, 1]` input per feature, float32 or string, and an output `probabilities` of `[N, 2]`.
 *
 * @throws {UnreadableModelError} when the bytes are no model
 * @throws {ModelContractError} when its inputs or outputs are others
 */
export async function openModel(onnx: Uint8Array): Promise<ModelSession> {
  const session = await withRuntime(async ({ InferenceSession }) => {
    try {
      return await InferenceSession.create(onnx, { executionProviders: ['wasm'], logSeverityLevel: 3 });
    } catch (cause) {
      throw new UnreadableModelError(onnx.byteLength, { cause });
    }
  });
  try {
    const inputs = readInputs(session);
    return {
      inputs,
      score: async columns =>
        scoreInBlocks(session, columns[0] ? lengthOf(columns[0]) : 0, columnReader(inputs, columns)),
      scoreInstances: async instances => scoreInBlocks(session, instances.length, instanceReader(inputs, instances)),
      close: () => withRuntime(() => session.release()),
    };
  } catch (error) {
    await withRuntime(() => session.release());
    throw error;
  }
}

/** Output of a model with the probabilities of the negative and the positive class. */
export const probabilitiesOutput = 'probabilities';
/** Stands for every level the model does not know; no level is a lone control character. */
const unseenLevel = '\u0001';
/** Rows a run takes at most, so that a large data set does not have to fit into the runtime's memory. */
const blockRows = 4_096;

/** Values of all inputs for the rows `[start, end)`, in the order of the inputs. */
type BlockReader = (start: number, end: number) => (Float32Array | string[])[];

function readInputs({ inputMetadata, outputNames }: InferenceSession): ModelInput[] {
  if (!outputNames.includes(probabilitiesOutput)) {
    throw new ModelContractError(
      `Model answers ${outputNames.join(', ')}, expected an output "${probabilitiesOutput}"`,
    );
  }
  return inputMetadata.map(input => {
    const type = input.isTensor ? input.type : 'no tensor';
    if (type === 'float32') return { name: input.name, kind: 'number' };
    if (type === 'string') return { name: input.name, kind: 'category' };
    throw new ModelContractError(`Model input "${input.name}" is ${type}, expected float32 or string`);
  });
}

function columnReader(inputs: readonly ModelInput[], columns: readonly FeatureColumn[]): BlockReader {
  const byName = new Map(columns.map(column => [column.name, column]));
  const ordered = inputs.map(({ name, kind }) => {
    const column = byName.get(name);
    if (column?.kind !== kind) {
      throw new ModelContractError(
        `Model reads the ${kind} column "${name}", but the rows have ${column ? `a ${column.kind}` : 'no'} column of that name`,
      );
    }
    return column;
  });
  return (start, end) => ordered.map(column => readColumn(column, start, end));
}

function readColumn(column: FeatureColumn, start: number, end: number): Float32Array | string[] {
  if (column.kind === 'number') return column.values.slice(start, end);
  const levelOf = (code: number) => (code === missingCode ? '' : (column.levels[code] ?? unseenLevel));
  return Array.from(column.codes.subarray(start, end), levelOf);
}

function lengthOf(column: FeatureColumn): number {
  return column.kind === 'number' ? column.values.length : column.codes.length;
}

function instanceReader(inputs: readonly ModelInput[], instances: readonly Instance[]): BlockReader {
  return (start, end) => {
    const block = instances.slice(start, end);
    return inputs.map(({ name, kind }) =>
      kind === 'number'
        ? Float32Array.from(block, instance => numberOf(instance[name]))
        : block.map(instance => levelOf(instance[name])),
    );
  };
}

function numberOf(value: Instance[string] | undefined): number {
  return value === null || value === undefined || value === '' ? Number.NaN : Number(value);
}

function levelOf(value: Instance[string] | undefined): string {
  if (value === null || value === undefined) return '';
  // The runtime reads strings up to their first NUL: `yes\0` would pass for `yes`.
  return String(value).includes('\0') ? unseenLevel : String(value);
}

async function scoreInBlocks(session: InferenceSession, rows: number, read: BlockReader): Promise<Float64Array> {
  const scores = new Float64Array(rows);
  for (let start = 0; start < rows; start += blockRows) {
    const end = Math.min(start + blockRows, rows);
    const answer = await runBlock(session, read(start, end), end - start);
    for (let row = start; row < end; row++) scores[row] = answer[(row - start) * 2 + 1]!;
  }
  return scores;
}

/** Runs the graph and returns its probabilities, two a row. */
function runBlock(
  session: InferenceSession,
  values: readonly (Float32Array | string[])[],
  rows: number,
): Promise<Float32Array> {
  return withRuntime(async ({ Tensor }) => {
    const feeds: Record<string, Tensor> = {};
    session.inputNames.forEach((name, index) => {
      const data = values[index]!;
      feeds[name] = Array.isArray(data)
        ? new Tensor('string', data, [rows, 1])
        : new Tensor('float32', data, [rows, 1]);
    });
    const answer = (await session.run(feeds, [probabilitiesOutput]))[probabilitiesOutput]!;
    if (answer.type !== 'float32' || answer.size !== rows * 2) {
      throw new ModelContractError(
        `Model answers ${answer.type} [${answer.dims}] for ${rows} rows, expected float32 [${rows}, 2]`,
      );
    }
    return answer.data as Float32Array;
  });
}
