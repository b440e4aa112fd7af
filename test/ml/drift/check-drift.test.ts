import type { FeatureColumn } from '../../../ml/columns.ts';
import { checkDrift, type DriftCheck } from '../../../ml/drift/check-drift.ts';
import { countWindow } from '../../../ml/drift/count-window.ts';
import { buildReferenceProfile } from '../../../ml/drift/reference-profile.ts';
import { createRandom, type Random } from '../../../ml/random.ts';
import { range } from '../made-up-rows.ts';

const floors = { wasserstein: 0.1, jensenShannon: 0.05, share: 0.01 };
const levels = ['basic', 'plus', 'pro'];

interface Drift {
  readonly shift?: number;
  readonly missing?: number;
  readonly pro?: number;
  readonly unseen?: number;
}

function draw(rows: number, random: Random, { shift = 0, missing = 0, pro = 0.2, unseen = 0 }: Drift = {}) {
  const uniform = Float64Array.from({ length: rows }, random.uniform);
  const columns: FeatureColumn[] = [
    {
      kind: 'number',
      name: 'age',
      values: Float32Array.from(uniform, value => (value < missing ? Number.NaN : random.normal() + shift)),
    },
    { kind: 'number', name: 'constant', values: new Float32Array(rows).fill(7) },
    {
      kind: 'category',
      name: 'plan',
      levels: [...levels, 'gig'],
      codes: Int32Array.from(uniform, value => (value > 1 - unseen ? 3 : value < pro ? 2 : random.integer(2))),
    },
  ];
  return { columns, scores: Float64Array.from({ length: rows }, random.uniform) };
}

function profileOf(random: Random) {
  const { columns, scores } = draw(5_000, random);
  const known = columns.map(column => (column.kind === 'category' ? { ...column, levels } : column));
  return buildReferenceProfile({ columns: known, rows: range(0, 5_000), scores, labels: new Uint8Array(5_000) });
}

function check(rows: number, drift?: Drift): DriftCheck[] {
  const random = createRandom(rows);
  const profile = profileOf(random);
  const { columns, scores } = draw(rows, random, drift);
  return checkDrift([{ profile, window: countWindow(profile, columns, scores) }], { alpha: 0.05, floors })[0]!;
}

const drifted = (checks: readonly DriftCheck[]) =>
  checks.filter(({ verdict }) => verdict === 'drift').map(({ subject, kind }) => `${subject}: ${kind}`);

test('a window without drift alarms nowhere, and says of what it looked at', () => {
  const checks = check(500);
  expect(drifted(checks)).toEqual([]);
  expect(checks.map(({ subject, kind }) => `${subject}: ${kind}`)).toEqual([
    ...['age: distribution', 'age: missing', 'age: out of range', 'constant: missing', 'constant: out of range'],
    ...['plan: distribution', 'plan: missing', 'plan: unseen', 'the scores: distribution'],
  ]);
});

test.each<[string, Drift]>([
  ['age: distribution', { shift: 0.4 }],
  ['age: missing', { missing: 0.05 }],
  ['plan: distribution', { pro: 0.35 }],
  ['plan: unseen', { unseen: 0.05 }],
])('of the drift in "%s" it is this that alarms', (name, drift) => {
  expect(drifted(check(500, drift))).toContain(name);
});

test('drift too small to matter does not alarm, however many rows there are', () => {
  expect(drifted(check(40_000, { shift: 0.05, pro: 0.207 }))).toEqual([]);
});

test('a window too small to find twice the floor says so', () => {
  const verdicts = check(30).map(({ subject, kind, verdict }) => [`${subject}: ${kind}`, verdict]);
  expect(Object.fromEntries(verdicts)).toMatchObject({
    'age: distribution': 'insufficient data',
    'plan: distribution': 'insufficient data',
  });
});

test('checks of all windows of a report share its α', () => {
  const random = createRandom(1);
  const profile = profileOf(random);
  const { columns, scores } = draw(500, random);
  const comparison = { profile, window: countWindow(profile, columns, scores) };
  const [alone] = checkDrift([comparison], { alpha: 0.05, floors });
  const [first, second] = checkDrift([comparison, comparison], { alpha: 0.05, floors });
  expect(first![0]!.level).toBeCloseTo(alone![0]!.level / 2, 12);
  expect(second).toEqual(first);
});

test('a feature that the window lacks, and one without any value, have no check that could not be made', () => {
  const random = createRandom(2);
  const profile = profileOf(random);
  const { columns, scores } = draw(500, random, { missing: 1 });
  const window = countWindow(profile, columns.slice(0, 2), scores);
  const [checks] = checkDrift([{ profile, window }], { alpha: 0.05, floors });
  expect(checks!.filter(({ subject }) => subject === 'plan')).toEqual([]);
  expect(drifted(checks!)).toEqual(['age: missing']);
  expect(checks!.filter(({ subject }) => subject === 'age').map(({ kind }) => kind)).toEqual(['missing']);
});
