import { fitModel } from '../../ml/model.ts';
import { makeUpRows, range } from './made-up-rows.ts';

const candidate = { algorithm: 'logistic-regression', C: 1 } as const;
const data = makeUpRows(600, 12);

test('fitModel() looks at the given rows alone', () => {
  const first = fitModel(candidate, data, range(0, 400), 1);
  const cut = {
    columns: data.columns.map(column =>
      column.kind === 'number'
        ? { ...column, values: column.values.slice(0, 400) }
        : { ...column, codes: column.codes.slice(0, 400) },
    ),
    labels: data.labels.slice(0, 400),
  };
  expect(fitModel(candidate, cut, range(0, 400), 1).fitted).toEqual(first.fitted);
});

test('predict() answers all rows, or those asked for in their order', () => {
  const model = fitModel(candidate, data, range(0, 400), 1);
  const all = model.predict(data.columns);
  expect(all).toHaveLength(600);
  expect(all.every(probability => probability > 0 && probability < 1)).toBe(true);
  const rows = Int32Array.of(599, 0, 3);
  expect([...model.predict(data.columns, rows)]).toEqual([...rows].map(row => all[row]));
});

test('predict() does not mind the order of columns and levels', () => {
  const model = fitModel(candidate, data, range(0, 400), 1);
  const turned = data.columns.toReversed().map(column => {
    if (column.kind === 'number') return column;
    const last = column.levels.length - 1;
    const codes = column.codes.map(code => (code < 0 ? code : last - code));
    return { ...column, levels: column.levels.toReversed(), codes };
  });
  expect(model.predict(turned)).toEqual(model.predict(data.columns));
});

test('fitModel() changes none of its inputs', () => {
  const copy = structuredClone(data);
  const rows = range(0, 400);
  fitModel(candidate, data, rows, 1);
  expect(data).toEqual(copy);
  expect(rows).toEqual(range(0, 400));
});
