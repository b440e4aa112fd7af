import { type DecisionGrounds, decide } from '../../../lifecycle/monitoring/decide.ts';
import { fillMonitoring } from '../../../use-cases/monitoring-policy.ts';

const window = { from: '2026-06-14T00:00:00.000Z', to: '2026-06-15T00:00:00.000Z' };
const drifting = { drift: 'drift', champion: 7 } as const;
const quiet: DecisionGrounds = {
  report: { drift: 'no drift', drifted: [], worse: [], champion: 7, window },
  before: [{ drift: 'no drift', champion: 7 }],
  newMatureRows: 500,
  doRowsWait: false,
  lastStart: null,
  running: null,
  now: '2026-06-15T00:40:00.000Z',
};
const drifted: DecisionGrounds = {
  ...quiet,
  report: { ...quiet.report, drift: 'drift', drifted: ['v7 champion age: distribution'] },
  before: [drifting],
};
const policy = fillMonitoring();

test('nothing found, nothing done, and that is a decision as well', () => {
  expect(decide(quiet, policy)).toEqual({ action: 'none', reasons: ['nothing was found'], obstacles: [] });
});

test('drift in two windows in a row is a reason to retrain; in one, to tell people', () => {
  expect(decide(drifted, policy)).toMatchObject({ action: 'retrain', obstacles: [] });
  for (const before of [[{ ...drifting, drift: 'no drift' } as const], [null], []]) {
    expect(decide({ ...drifted, before }, policy)).toMatchObject({
      action: 'alert',
      obstacles: [expect.stringContaining('no rule')],
    });
  }
});

test('drift from another champion is no drift in a row', () => {
  expect(decide({ ...drifted, before: [{ ...drifting, champion: 6 }] }, policy).action).toBe('alert');
});

test('worse outcomes are a reason at once, in the first window as in any other', () => {
  const worse = ['v7 champion: roc_auc fell from 0.8 to 0.7, by 0.06 at least'];
  expect(decide({ ...quiet, before: [], report: { ...quiet.report, worse } }, policy)).toEqual({
    ...{ action: 'retrain', reasons: worse, obstacles: [] },
  });
});

test('enough new rows are a reason where the rules want so', () => {
  const wanting = fillMonitoring({ retrainOn: { newMatureRows: 500 } });
  expect(decide(quiet, wanting).action).toBe('retrain');
  expect(decide({ ...quiet, newMatureRows: 499 }, wanting).action).toBe('none');
});

const lastStart = { at: '2026-06-14T20:40:00.000Z', champion: 6, newMatureRows: 100 };
test.each<[string, Partial<DecisionGrounds>, Parameters<typeof fillMonitoring>[0], string]>([
  ['the use case only wants to be told', {}, { action: 'alert' }, 'told only'],
  ['a lifecycle runs', { running: 'arn:lifecycle' }, {}, 'arn:lifecycle'],
  ['one was started a moment ago', { lastStart }, {}, '4.0 hours ago'],
  ['there is no new row to learn from', { newMatureRows: 0 }, {}, 'no mature row'],
  [
    'nothing has moved since the last start',
    { lastStart: { at: '2026-06-01T00:00:00.000Z', champion: 7, newMatureRows: 500 } },
    {},
    'same champion',
  ],
])('with a reason, nothing is started while %s', (_, grounds, definition, obstacle) => {
  const decision = decide({ ...drifted, ...grounds }, fillMonitoring(definition));
  expect(decision).toMatchObject({ action: 'alert', obstacles: [expect.stringContaining(obstacle)] });
});

test('rows that wait to be ingested are new, however many are in the table', () => {
  const grounds = { ...drifted, newMatureRows: 0, doRowsWait: true };
  expect(decide(grounds, policy)).toMatchObject({ action: 'retrain', obstacles: [] });
  expect(decide({ ...grounds, running: 'arn:lifecycle' }, policy).action).toBe('alert');
});

test('once the cooldown is over and rows have come, it is started again', () => {
  expect(decide({ ...drifted, lastStart: { ...lastStart, at: '2026-06-13T00:00:00.000Z' } }, policy).action).toBe(
    'retrain',
  );
});
