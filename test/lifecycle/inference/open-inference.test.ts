import fc from 'fast-check';
import type { Prediction } from '../../../contracts/http.ts';
import { infer } from '../../../lifecycle/inference/infer.ts';
import { describeModel } from '../../../lifecycle/inference/open-inference.ts';
import { createRequestParser, type ParsedInstance } from '../../../lifecycle/inference/parse-request.ts';
import { InvalidInferenceError, parseTensors } from '../../../lifecycle/inference/parse-tensors.ts';
import type { Predictor } from '../../../lifecycle/inference/predict.ts';
import { loans } from './loans.ts';

const age = { name: 'age', shape: [2], datatype: 'INT64', data: [20, 30] };
const income = { name: 'income', shape: [2, 1], datatype: 'FP32', data: [[1.5], [null]] };
const job = { name: 'job', shape: [2, 1], datatype: 'BYTES', data: ['nurse', 'clerk'] };
const owner = { name: 'owner', shape: [2], datatype: 'BOOL', data: [true, false] };

const prediction: Prediction = {
  predictionId: 'id-0',
  probability: 0.7,
  decision: true,
  threshold: 0.5,
  version: 3,
  variant: 'champion',
  imputed: [],
  unseen: [],
};

let asked: { instances: ParsedInstance[]; version: number | undefined };
/** Checks requests as the predictor does, and answers the same to all. */
const predictor: Predictor = {
  async predict(useCase, body, { version } = {}) {
    asked = { instances: createRequestParser(useCase)(body), version };
    return asked.instances.map((_, row) => ({ ...prediction, predictionId: `id-${row}` }));
  },
};

function ask(body: unknown, options = {}) {
  return infer(predictor, loans, body, options);
}

async function problemOf(body: unknown): Promise<string> {
  const error = await ask(body).catch(error => error);
  expect(error).toBeInstanceOf(InvalidInferenceError);
  return error.message;
}

describe('an inference request', () => {
  test('is its tensors row by row, flat or nested, with the ids of its parameters', async () => {
    const parameters = { unit: ['c-1', 'c-2'], observation_id: ['o-1', 7] };
    await ask({ inputs: [age, income, job, owner], parameters }, { version: 4 });
    expect(asked).toEqual({
      version: 4,
      instances: [
        {
          features: { age: 20, income: 1.5, job: 'nurse', owner: true },
          imputed: [],
          entityId: 'c-1',
          observationId: 'o-1',
        },
        {
          features: { age: 30, income: null, job: 'clerk', owner: false },
          imputed: ['income'],
          entityId: 'c-2',
          observationId: '7',
        },
      ],
    });
  });

  test('may be all about one unit', async () => {
    await ask({ inputs: [age], parameters: { unit: 'c-1', other: 5 } });
    expect(asked.instances.map(({ entityId }) => entityId)).toEqual(['c-1', 'c-1']);
  });

  test('is answered in tensors, in the order of the rows', async () => {
    await expect(ask({ id: '42', inputs: [age] })).resolves.toEqual({
      model_name: 'loans',
      model_version: '3',
      id: '42',
      outputs: [
        { name: 'probability', datatype: 'FP64', shape: [2], data: [0.7, 0.7] },
        { name: 'decision', datatype: 'BOOL', shape: [2], data: [true, true] },
        { name: 'threshold', datatype: 'FP64', shape: [2], data: [0.5, 0.5] },
        { name: 'version', datatype: 'INT64', shape: [2], data: [3, 3] },
        { name: 'variant', datatype: 'BYTES', shape: [2], data: ['champion', 'champion'] },
        { name: 'prediction_id', datatype: 'BYTES', shape: [2], data: ['id-0', 'id-1'] },
      ],
    });
  });

  test('may ask for some outputs', async () => {
    const { outputs } = await ask({ inputs: [age], outputs: [{ name: 'prediction_id' }] });
    expect(outputs.map(({ name }) => name)).toEqual(['prediction_id']);
  });

  test('names no version where several answered', async () => {
    const mixed: Predictor = {
      predict: async () => [prediction, { ...prediction, version: 4, variant: 'challenger' }],
    };
    expect(await infer(mixed, loans, { inputs: [age] }, {})).not.toHaveProperty('model_version');
  });

  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'the request is nothing, expected an object'],
    ['instances', { instances: [] }, '"inputs" is nothing, expected tensors'],
    ['a number for an id', { id: 5, inputs: [age] }, '"id" is 5, expected a string'],
    [
      'an unknown datatype',
      { inputs: [{ ...age, datatype: 'FLOAT' }] },
      'input "age" has the datatype "FLOAT", expected one of FP16, FP32',
    ],
    ['a table', { inputs: [{ ...age, shape: [2, 2] }] }, 'input "age" has the shape [2,2], expected [N] or [N, 1]'],
    ['no row', { inputs: [{ ...age, shape: [0], data: [] }] }, 'input "age" has 0 rows, expected 1 to 1,000'],
    ['too many rows', { inputs: [{ ...age, shape: [1_001] }] }, 'input "age" has 1001 rows, expected 1 to 1,000'],
    ['binary data', { inputs: [{ ...age, data: undefined }] }, 'input "age" has nothing for data'],
    ['a value too few', { inputs: [{ ...age, data: [1] }] }, 'input "age" has 1 values, its shape says 2'],
    [
      'a value of another type',
      { inputs: [{ ...age, data: [1, 2.5] }] },
      'input "age" has the value 2.5, which is no INT64',
    ],
    [
      'tensors of different lengths',
      { inputs: [age, { ...job, shape: [1], data: ['nurse'] }] },
      'input "job" has 1 rows, "age" has 2',
    ],
    ['a tensor twice', { inputs: [age, age] }, 'input "age" is given twice'],
    ['too few units', { inputs: [age], parameters: { unit: ['a'] } }, 'parameter "unit" has 1 ids for 2 rows'],
    [
      'one observation for two rows',
      { inputs: [age], parameters: { observation_id: 'o' } },
      'parameter "observation_id" has 1 ids for 2 rows',
    ],
    [
      'an unknown output',
      { inputs: [age], outputs: [{ name: 'label' }] },
      'there is no output "label"; there are probability, decision',
    ],
    [
      'a value out of range',
      { inputs: [{ ...age, data: [7, 30] }] },
      'input "age": expected an integer from 18 to 100, got 7 (row 0)',
    ],
    [
      'an unknown feature',
      { inputs: [{ ...age, name: 'agee' }] },
      'input "agee": unknown field; did you mean "age"? (row 0, 1)',
    ],
    ['a leak', { inputs: [{ ...age, name: 'score' }] }, 'input "score": not accepted: made from the label'],
    [
      'a unit that is none',
      { inputs: [age], parameters: { unit: true } },
      'parameter "unit": expected a string of 1 to 256',
    ],
  ])('with %s is refused in readable words', async (_, body, problem) => {
    expect(await problemOf(body)).toContain(problem);
  });

  test('of any JSON is read or refused', () => {
    const tensor = fc.record(
      {
        name: fc.constantFrom('age', '__proto__', 'client_id'),
        shape: fc.oneof(fc.array(fc.integer()), fc.anything()),
        datatype: fc.constantFrom('BYTES', 'FP32', 'toString'),
        data: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const request = fc.record({ inputs: fc.oneof(fc.array(tensor), fc.anything()), parameters: fc.anything() });
    fc.assert(
      fc.property(fc.oneof(request, fc.anything()), body => {
        try {
          parseTensors(loans, body);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInferenceError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a use case is described as a model with one input per feature', () => {
  expect(describeModel(loans, [2, 1])).toEqual({
    name: 'loans',
    versions: ['2', '1'],
    platform: 'onnx_onnxruntime',
    inputs: [
      { name: 'age', datatype: 'INT64', shape: [-1, 1] },
      { name: 'income', datatype: 'FP64', shape: [-1, 1] },
      { name: 'job', datatype: 'BYTES', shape: [-1, 1] },
      { name: 'owner', datatype: 'BOOL', shape: [-1, 1] },
    ],
    outputs: expect.arrayContaining([{ name: 'probability', datatype: 'FP64', shape: [-1] }]),
  });
});
