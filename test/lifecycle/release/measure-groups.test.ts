import { measureGroups } from '../../../lifecycle/release/measure-groups.ts';
import type { FeatureColumn } from '../../../ml/columns.ts';
import { createRandom } from '../../../ml/random.ts';

const rows = 2_000;
const random = createRandom(1);
const labels = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.3 ? 1 : 0));
/** Scores that know the label more or less well. */
const scoresOf = (knowledge: number) => Float64Array.from(labels, label => knowledge * label + random.uniform());
const good = scoresOf(0.8);
const job: FeatureColumn = {
  kind: 'category',
  name: 'job',
  levels: ['clerk', 'student', 'rare'],
  // A hundred rows without a level, fifty of the rare one.
  codes: Int32Array.from({ length: rows }, (_, row) => (row < 100 ? -1 : row < 150 ? 2 : row % 2)),
};
const loan: FeatureColumn = { kind: 'number', name: 'loan', values: Float32Array.from(labels, (_, row) => row % 2) };

function measure(scores: Float64Array, groups: readonly string[]) {
  return measureGroups({ groups, columns: [job, loan], labels, scores, championScores: good, seed: 1 });
}

test('each level of a category and of a boolean is a group; rows without a level are in none', () => {
  const found = measure(good, ['job', 'loan', 'unknown']);
  expect(found.map(({ feature, level }) => `${feature} = ${level}`).sort()).toEqual([
    'job = clerk',
    'job = rare',
    'job = student',
    'loan = false',
    'loan = true',
  ]);
  expect(found.filter(({ feature }) => feature === 'job').reduce((sum, { rows }) => sum + rows, 0)).toBe(rows - 100);
});

test('a group with few rows is counted and not compared', () => {
  const rare = measure(good, ['job']).find(({ level }) => level === 'rare')!;
  expect(rare).toMatchObject({ rows: 50, comparison: null });
});

test('equal scores do not differ, and worse ones on one group show there alone', () => {
  for (const { comparison } of measure(good, ['loan'])) {
    expect(comparison!.differenceUpperEnd).toBe(0);
    expect(comparison!.candidateRocAuc).toBe(comparison!.rocAuc);
  }
  const worse = scoresOf(0.2);
  const mixed = good.map((score, row) => (row % 2 === 1 ? worse[row]! : score));
  const ends = Object.fromEntries(
    measure(mixed, ['loan']).map(({ level, comparison }) => [level, comparison!.differenceUpperEnd]),
  );
  expect(ends.true).toBeLessThan(-0.1);
  expect(ends.false).toBe(0);
});
