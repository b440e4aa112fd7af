import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateScoresFile } from '../../../lifecycle/scoring/evaluate-scores.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'perennial-evaluate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface EvaluateChanges {
  readonly data?: string;
  readonly positive?: string;
  readonly entity?: string;
}

const labels = 'a;y\n1;yes\n2;no\n3;yes\n4;no\n5;\n6;no\n';

function evaluate(scores: string, { data = labels, positive = 'yes', entity }: EvaluateChanges = {}) {
  writeFileSync(join(folder, 'scores.csv'), scores);
  writeFileSync(join(folder, 'data.csv'), data);
  return evaluateScoresFile({
    scores: { path: join(folder, 'scores.csv') },
    data: { path: join(folder, 'data.csv') },
    label: 'y',
    positive,
    entity,
  });
}

test('scores are held against the labels of their rows, in any order', async () => {
  const evaluation = await evaluate('row,probability,decision\n4,0.1,no\n3,0.7,yes\n1,0.9,yes\n2,0.6,yes\n5,0.3,no\n');

  expect(evaluation).toMatchObject({
    rows: 4,
    positives: 2,
    unlabelled: 1,
    unscored: 1,
    threshold: 0.6,
    confusion: { truePositives: 2, falsePositives: 1, trueNegatives: 1, falseNegatives: 0 },
  });
  expect(evaluation.metrics.roc_auc.value).toBe(1);
  expect(evaluation.metrics.accuracy.value).toBe(0.75);
  // (.1² + .6² + .3² + .1²) / 4
  expect(evaluation.metrics.brier.value).toBeCloseTo(0.1175, 12);
});

test('where rows are about the same entities, intervals draw these', async () => {
  // Ten entities of twenty equal rows each.
  const rows = Array.from({ length: 200 }, (_, row) => ({ who: row % 10, label: row % 2 === 0 ? 'yes' : 'no' }));
  const data = ['who,y', ...rows.map(({ who, label }) => `${who},${label}`)].join('\n');
  const scores = ['row,probability', ...rows.map(({ who }, row) => `${row + 1},0.${who}5`)].join('\n');
  const width = async (entity?: string) => {
    const { low, high } = (await evaluate(scores, { data, ...(entity !== undefined && { entity }) })).metrics.brier;
    return high - low;
  };

  // As many times as wide as the root of the rows of an entity: 4.5.
  expect((await width('who')) / (await width())).toBeGreaterThan(3);
  await expect(width('whom')).rejects.toThrow('has no column "whom", but who, y');
});

test('without decisions, one half decides', async () => {
  const { threshold, confusion } = await evaluate('row,probability\n1,0.5\n2,0.6\n3,0.2\n4,0.1\n');

  expect(threshold).toBe(0.5);
  expect(confusion).toEqual({ truePositives: 1, falsePositives: 1, trueNegatives: 1, falseNegatives: 1 });
});

test('when nothing was decided positive, nothing counts as such', async () => {
  const { confusion } = await evaluate('row,probability,decision\n1,0.4,no\n2,0.3,no\n3,0.2,no\n4,1,no\n');

  expect(confusion).toEqual({ truePositives: 0, falsePositives: 0, trueNegatives: 2, falseNegatives: 2 });
});

test.each([
  ['have no probability', 'row,score\n1,0.5\n', /it lacks the columns probability$/],
  ['are other rows', 'a,y\n1,yes\n', /it lacks the columns row and probability$/],
  ['leave a probability out', 'row,probability\n1,\n', /line 1 scores row "1" with "", expected/],
  [
    'are no shares',
    'row,probability\n1,1.5\n',
    /line 1 scores row "1" with "1.5", expected a row from 1 on and a number in \[0, 1\]/,
  ],
  ['have a row twice', 'row,probability\n1,0.5\n1,0.6\n', /row 1 is scored twice/],
  [
    'have rows that the data lack',
    'row,probability\n1,0.5\n2,0.5\n70,0.6\n',
    /scores 1 rows that ".*" does not have: that has 6/,
  ],
  ['are none', 'row,probability\n', /it has no score/],
  ['decide for no label', 'row,probability,decision\n1,0.5,1\n2,0.1,0\n', /a decision is "1", expected "yes" or "no"/],
  [
    'contradict themselves',
    'row,probability,decision\n1,0.5,yes\n2,0.6,no\n',
    /probability 0.5 is decided "yes", but one of 0.6 is not/,
  ],
  [
    'are of rows of one label',
    'row,probability\n1,0.5\n3,0.6\n',
    /label "y" of the scored rows has the values "yes", expected two/,
  ],
])('scores that %s are refused', async (_, scores, message) => {
  await expect(evaluate(scores)).rejects.toThrow(message);
});

test('a label that is not there is refused', async () => {
  await expect(evaluate('row,probability\n1,0.5\n', { data: 'a,z\n1,yes\n' })).rejects.toThrow(
    'has no column "y", but a, z',
  );
  await expect(evaluate('row,probability\n1,0.5\n2,0.1\n', { positive: 'Yes' })).rejects.toThrow('and none is "Yes"');
});
