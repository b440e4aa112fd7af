import { ModelContractError, UnreadableModelError } from '../../../lifecycle/inference/errors.ts';
import { openModel } from '../../../lifecycle/inference/model-session.ts';
import { type FeatureColumn, missingCode, unseenCode } from '../../../ml/columns.ts';
import { writeSmallModel } from './small-model.ts';

const small = {
  numbers: { age: 0.5, balance: -0.25 },
  categories: { job: { admin: 1, retired: -2 } },
  intercept: 0.1,
};
const sigmoid = (margin: number) => 1 / (1 + Math.exp(-margin));

function columns(rows: number): FeatureColumn[] {
  return [
    {
      kind: 'category',
      name: 'job',
      levels: ['retired', 'admin'],
      codes: Int32Array.from({ length: rows }, (_, i) => i % 2),
    },
    { kind: 'number', name: 'balance', values: Float32Array.from({ length: rows }, (_, i) => (i % 7) / 4) },
    { kind: 'number', name: 'age', values: Float32Array.from({ length: rows }, (_, i) => (i % 5) / 8) },
  ];
}

describe('a model session', () => {
  test('names its inputs in the order of the graph', async () => {
    const session = await openModel(writeSmallModel(small));
    expect(session.inputs).toEqual([
      { name: 'age', kind: 'number' },
      { name: 'balance', kind: 'number' },
      { name: 'job', kind: 'category' },
    ]);
    await session.close();
  });

  test('scores columns in any order, over more rows than one run takes', async () => {
    const session = await openModel(writeSmallModel(small));
    const scores = await session.score(columns(10_000));
    expect(scores).toHaveLength(10_000);
    for (const row of [0, 1, 4_095, 4_096, 9_999]) {
      const margin = 0.1 + 0.5 * ((row % 5) / 8) - 0.25 * ((row % 7) / 4) + (row % 2 ? 1 : -2);
      expect(scores[row]).toBeCloseTo(sigmoid(margin), 6);
    }
    await session.close();
  });

  test('takes missing and unseen values of columns', async () => {
    const session = await openModel(writeSmallModel(small));
    const scores = await session.score([
      { kind: 'category', name: 'job', levels: ['retired', 'admin'], codes: Int32Array.of(missingCode, unseenCode, 1) },
      { kind: 'number', name: 'balance', values: Float32Array.of(0, 0, 0) },
      { kind: 'number', name: 'age', values: Float32Array.of(Number.NaN, 2, 2) },
    ]);
    expect([...scores].map(score => score.toFixed(5))).toEqual([0.1, 1.1, 2.1].map(m => sigmoid(m).toFixed(5)));
    await session.close();
  });

  test('scores instances as it scores columns', async () => {
    const session = await openModel(writeSmallModel(small));
    const scores = await session.scoreInstances([
      { age: 2, balance: 4, job: 'admin' },
      { age: true, balance: null, job: '' },
      { job: 'retired\0' },
      {},
    ]);
    const margins = [0.1 + 1 - 1 + 1, 0.1 + 0.5, 0.1, 0.1];
    expect([...scores].map(score => score.toFixed(5))).toEqual(margins.map(m => sigmoid(m).toFixed(5)));
    await session.close();
  });

  test('answers no rows with no scores', async () => {
    const session = await openModel(writeSmallModel(small));
    await expect(session.scoreInstances([])).resolves.toHaveLength(0);
    await expect(session.score(columns(0))).resolves.toHaveLength(0);
    await session.close();
  });

  test('keeps calls at the same time apart', async () => {
    const sessions = await Promise.all(
      [-2, 0, 2].map(intercept => openModel(writeSmallModel({ numbers: { x: 1 }, intercept }))),
    );
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) => sessions[index % 3]!.scoreInstances([{ x: index / 10 }])),
    );
    for (const [index, answer] of answers.entries()) {
      expect(answer[0]).toBeCloseTo(sigmoid([-2, 0, 2][index % 3]! + index / 10), 6);
    }
    await Promise.all(sessions.map(session => session.close()));
  });

  test('refuses bytes that are no model, and works on after that', async () => {
    await expect(openModel(new Uint8Array([1, 2, 3]))).rejects.toThrow(UnreadableModelError);
    await expect(openModel(new Uint8Array())).rejects.toThrow(UnreadableModelError);
    const session = await openModel(writeSmallModel(small));
    await expect(session.scoreInstances([{}])).resolves.toHaveLength(1);
    await session.close();
  });

  test('refuses a model without probabilities', async () => {
    await expect(openModel(writeSmallModel({ numbers: { x: 1 }, output: 'scores' }))).rejects.toThrow(
      new ModelContractError('Model answers label, scores, expected an output "probabilities"'),
    );
  });

  test('refuses rows without one of its columns, or with one of the other kind', async () => {
    const session = await openModel(writeSmallModel(small));
    const [job, balance] = columns(1);
    await expect(session.score([job!, balance!])).rejects.toThrow(
      'Model reads the number column "age", but the rows have no column of that name',
    );
    await expect(session.score([job!, balance!, { ...job!, name: 'age' } as FeatureColumn])).rejects.toThrow(
      'the rows have a category column of that name',
    );
    await session.close();
  });
});
