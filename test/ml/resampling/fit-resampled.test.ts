import { openModel } from '../../../lifecycle/inference/model-session.ts';
import type { LabelledColumns } from '../../../ml/columns.ts';
import { logLoss } from '../../../ml/metrics/probability-losses.ts';
import { rocAuc } from '../../../ml/metrics/ranking.ts';
import { type Candidate, fitModel } from '../../../ml/model.ts';
import { exportOnnx } from '../../../ml/onnx/export-model.ts';
import { fitResampled } from '../../../ml/resampling/fit-resampled.ts';
import type { Resampling } from '../../../ml/resampling/parameters.ts';
import { resample } from '../../../ml/resampling/resample.ts';
import { makeUpRows, range } from '../made-up-rows.ts';

/** One positive of seven or so. */
function makeUpRareRows(rows: number, seed: number): LabelledColumns {
  const data = makeUpRows(rows, seed);
  return { ...data, labels: data.labels.map((label, row) => (row % 4 === 0 ? label : 0)) };
}

const data = makeUpRareRows(1_600, 71);
const fitted = range(0, 1_000);
const held = range(1_000, 1_600);
const labels = Uint8Array.from(held, row => data.labels[row]!);
const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;

const smote: Resampling = { method: 'smote', k: 3, percentageOver: 400 };
const candidates: Candidate[] = [
  { algorithm: 'logistic-regression', resampling: smote },
  { algorithm: 'gradient-boosting', trees: 20, maxDepth: 3, resampling: smote },
  { algorithm: 'random-forest', trees: 30, maxDepth: 5, resampling: { method: 'undersample' } },
  { algorithm: 'support-vector', C: 0.5, resampling: { method: 'oversample', ratio: 0.5 } },
];

describe.each(candidates)('$algorithm with $resampling.method', candidate => {
  const model = fitModel(candidate, data, fitted, 1);
  const scores = model.predict(data.columns, held);

  test('answers probabilities of the given rows, not of the resampled ones', () => {
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    // Of 600 rows: two standard errors of the share are 0.03.
    expect(Math.abs(mean - share)).toBeLessThan(0.05);
    const { resampling, ...alone } = candidate;
    const resampled = resample(resampling!, data, fitted, 1);
    const shifted = fitModel(alone, resampled.data, resampled.rows, 1).predict(data.columns, held);
    expect(logLoss(labels, scores)).toBeLessThan(logLoss(labels, shifted));
    // The order of the rows is the resampled model's.
    expect(rocAuc(labels, scores)).toBeCloseTo(rocAuc(labels, shifted), 2);
  });

  test('its exported graph holds the calibration', async () => {
    const session = await openModel(exportOnnx(model));
    const answers = await session.score(data.columns);
    await session.close();
    model.predict(data.columns).forEach((probability, row) => {
      expect(Math.abs(probability - answers[row]!)).toBeLessThan(1e-6);
    });
  });

  test('the same rows and seed give the same model, and rows that are not given have no say', () => {
    const others = { ...data, labels: data.labels.map((label, row) => (row < 1_000 ? label : 1 - label)) };
    expect(fitModel(candidate, others, fitted, 1).fitted).toEqual(model.fitted);
  });
});

test.each(['smote', 'oversample'] as const)(
  'with %s no entity calibrates a model that it was fitted or made up for',
  method => {
    // Two rows of each client after one another.
    const clients = Array.from(data.labels, (_, row) => `client-${Math.floor(row / 2)}`);
    const fits: { readonly groups: Set<string | number>; asked: Int32Array | undefined }[] = [];
    fitResampled({
      resampling: { method },
      ...{ data, rows: fitted, seed: 1, options: { groups: clients } },
      train: (resampled, { groups }) => {
        expect(groups).toHaveLength(resampled.data.labels.length);
        const model = fitModel({ algorithm: 'logistic-regression' }, resampled.data, resampled.rows, 1);
        const recorded = { groups: new Set(Array.from(resampled.rows, row => groups![row]!)), asked: undefined };
        const index = fits.push(recorded) - 1;
        return {
          ...model,
          predict: (columns, rows) => {
            fits[index]!.asked = rows;
            return model.predict(columns, rows);
          },
        };
      },
    });
    const [last, ...calibrating] = fits.toReversed();
    // A hundred positives: all five folds are held in turn.
    expect(calibrating).toHaveLength(5);
    expect(last!.groups.size).toBe(500);
    const asked = calibrating.flatMap(fit => [...fit.asked!]);
    expect(asked.sort((a, b) => a - b)).toEqual([...fitted]);
    for (const fit of calibrating)
      expect(Array.from(fit.asked!, row => clients[row]!).some(client => fit.groups.has(client))).toBe(false);
  },
);

test.each(['smote', 'undersample'] as const)(
  'with %s early stopping is judged by rows as they were given, of entities that are not fitted on',
  method => {
    const clientOf = (row: number) => Math.floor(row / 2);
    const clients = Array.from(data.labels, (_, row) => clientOf(row));
    // Made-up rows take names from rows that they are made of.
    const ids = Int32Array.from(data.labels, (_, row) => row);
    const names = { kind: 'category', name: 'id', levels: Array.from(ids, String), codes: ids } as const;
    const idsOf = ({ columns }: LabelledColumns) => (columns.at(-1) as typeof names).codes;
    let fits = 0;
    fitResampled({
      resampling: { method },
      ...{ data: { ...data, columns: [...data.columns, names] }, rows: fitted, seed: 1, validationShare: 0.1 },
      options: { groups: clients },
      train: (resampled, { aside }) => {
        const held = Array.from(aside!.rows, row => idsOf(resampled.data)[row]!);
        expect(held.map(row => data.labels[row])).toEqual(Array.from(aside!.rows, row => resampled.data.labels[row]));
        const heldClients = new Set(held.map(clientOf));
        expect(
          Array.from(resampled.rows, row => clientOf(idsOf(resampled.data)[row]!)).some(client =>
            heldClients.has(client),
          ),
        ).toBe(false);
        // Weighed, the classes are as common as among the fitted rows.
        const odds = (rows: Int32Array) => {
          const positives = rows.filter(row => resampled.data.labels[row] === 1).length;
          return positives / (rows.length - positives);
        };
        expect(aside!.weights.positive * odds(aside!.rows)).toBeCloseTo(odds(resampled.rows), 9);
        fits += 1;
        const known = { ...resampled.data, columns: resampled.data.columns.slice(0, -1) };
        return fitModel({ algorithm: 'logistic-regression' }, known, resampled.rows, 1);
      },
    });
    expect(fits).toBe(6);
  },
);

test('boosted trees on made-up rows stop early', () => {
  const { fitted: model } = fitModel({ algorithm: 'gradient-boosting', resampling: smote }, data, fitted, 1);
  expect((model as { trees: readonly object[] }).trees.length).toBeLessThan(300);
});

test('a class of one row cannot be calibrated', () => {
  const one = { ...data, labels: data.labels.map((_, row) => (row === 3 ? 1 : 0)) };
  expect(() =>
    fitModel({ algorithm: 'logistic-regression', resampling: { method: 'oversample' } }, one, fitted, 1),
  ).toThrow('a class has 1 of them');
});
