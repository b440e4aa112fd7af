import type { Card } from '../../../lifecycle/registry/card.ts';
import { describeLimits } from '../../../lifecycle/registry/describe-limits.ts';
import { evaluateGroups, measureEconomics, type ScoredHoldout } from '../../../lifecycle/registry/measure-card.ts';
import { renderCard } from '../../../lifecycle/registry/render-card.ts';
import { noNotes } from '../../../lifecycle/registry/version-notes.ts';
import { loans } from '../inference/loans.ts';
import { exampleVersion } from './example-version.ts';

const rows = 1_000;
/** Scores are right about owners, and about nobody else; every fifth row is positive, every tenth a nurse. */
const holdout: ScoredHoldout = {
  labels: Uint8Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? 1 : 0)),
  scores: Float64Array.from({ length: rows }, (_, row) =>
    row % 2 === 0 ? (row % 5 === 0 ? 0.9 : 0.1) : 0.1 + (row % 7) / 100,
  ),
  entityIds: Array.from({ length: rows }, (_, row) => `c-${row}`),
  columns: [
    { kind: 'number', name: 'owner', values: Float32Array.from({ length: rows }, (_, row) => 1 - (row % 2)) },
    {
      kind: 'category',
      name: 'job',
      levels: ['clerk', 'farmer', 'nurse'],
      codes: Int32Array.from({ length: rows }, (_, row) => (row % 10 === 0 ? 2 : row % 10 === 1 ? -1 : 0)),
    },
  ],
  threshold: 0.5,
  seed: 1,
};

describe('groups', () => {
  test('are each evaluated for itself, the largest first', () => {
    const [owners, others] = evaluateGroups(holdout, ['owner']);
    expect(owners).toMatchObject({ feature: 'owner', level: 'true', rows: 500, positives: 100, decidedPositive: 0.2 });
    expect(owners!.metrics!.roc_auc).toMatchObject({ value: 1, baseRate: 0.5 });
    expect(others).toMatchObject({ level: 'false', rows: 500, positives: 100, decidedPositive: 0 });
    expect(others!.metrics!.roc_auc.low).toBeLessThan(0.5);
  });

  test('that are small, or of one label, carry no figures; rows without a level are in none', () => {
    const groups = evaluateGroups(holdout, ['job', 'unknown']);
    expect(groups.map(({ level, rows, positives }) => ({ level, rows, positives }))).toEqual([
      { level: 'clerk', rows: 800, positives: 100 },
      { level: 'nurse', rows: 100, positives: 100 },
    ]);
    expect(groups[1]!.metrics).toBeNull();
  });
});

test('profit is what the decisions on the holdout earn, beside acting on everyone and on no one', () => {
  const profit = { truePositive: 40, falsePositive: -5, trueNegative: 1, falseNegative: -2 };
  const { perRow, ...economics } = measureEconomics(holdout, { currency: 'EUR', profit });
  expect(perRow.value).toBeCloseTo((100 * 40 + 100 * -2 + 800 * 1) / 1_000, 10);
  expect(perRow.low).toBeLessThan(perRow.value);
  expect(perRow.high).toBeGreaterThan(perRow.value);
  expect(economics).toMatchObject({
    decidedPositive: 0.1,
    perRowOfEveryone: (200 * 40 + 800 * -5) / 1_000,
    perRowOfNoOne: (200 * -2 + 800 * 1) / 1_000,
  });
});

function exampleCard(changes: Partial<Card['version']> = {}): Card {
  const { id, title, entity, label, excluded } = loans;
  const counts = { rows, positives: 200 };
  const card = {
    useCase: { id, title, entity, label, excluded },
    version: {
      ...exampleVersion(),
      version: 3,
      status: 'approved' as const,
      aliases: ['stable'],
      notes: {
        ...noNotes(3),
        description: 'A first one',
        tags: { team: 'a|b\nc' },
        changedAt: '2026-03-03',
        changedBy: 'ann',
      },
      signature: {
        features: [
          {
            name: 'age',
            kind: 'number' as const,
            type: 'integer' as const,
            meaning: 'Age in years',
            range: [18, 77] as const,
          },
          {
            name: 'job',
            kind: 'category' as const,
            type: 'category' as const,
            meaning: 'Job',
            levels: ['clerk', 'farmer'],
          },
        ],
        label,
      },
      decisions: [],
      ...changes,
    },
    data: {
      table: 'loans_observations',
      window: { mode: 'last' as const, days: 90 },
      matureUntil: '2026-02-01T00:00:00.000Z',
      ...{ rows: 5_000, positives: 1_000, training: counts, holdout: counts },
    },
    groups: evaluateGroups(holdout, ['owner', 'job']),
    economics: measureEconomics(holdout, loans.decision),
  };
  return { ...card, limits: describeLimits(loans, card) };
}

describe('a card', () => {
  test('has every part, as Markdown whose tables hold whatever people wrote', () => {
    const text = renderCard(exampleCard());
    expect(text.match(/^#+ .+$/gm)).toEqual([
      '# Who pays a loan back: version 3 of `loans`',
      ...['## Data', '## Quality', '## Groups', '## Decisions', '## Signature', '## Limits', '## History'],
      ...['## Lineage', '## Notes'],
    ]);
    expect(text).toContain('| also called | stable |');
    expect(text).toContain('the last 90 days, events up to 2026-02-01');
    expect(text).toMatch(/\| `roc_auc` \| 0\.\d+ \(0\.\d+ to 0\.\d+\) \| 0\.\d+ \(0\.\d+ to 0\.\d+\) \| 0\.5 \|/);
    expect(text).toContain('| job: nurse | 100 | 100 | 100.0 % | insufficient data | – | – |');
    expect(text).toContain('| `team` | a\\|b c |');
    expect(text).not.toMatch(/undefined|NaN|null|\[object/);
  });

  test('says what not to expect', () => {
    expect(exampleCard().limits).toEqual([
      'It knows events up to 2026-02-01: a label is final 30 days after its event.',
      'It does not read income, owner.',
      'Levels that its training rows did not have: job (nurse). They count as none.',
      'Too few holdout rows to tell how it does on job nurse.',
      'The use case names no groups, so differences between groups are not looked at.',
      expect.stringMatching(/^Outside the ranges of its features it extrapolates/),
    ]);
  });

  test('of a model that was made elsewhere says so', () => {
    const { metrics, tags } = exampleVersion();
    const card = exampleCard({
      ...{ runId: null, parameters: null, tags: { ...tags, code_version: null } },
      metrics: { outOfFold: null, holdout: { ...metrics.holdout, metrics: null } },
    });
    expect(card.limits[1]).toMatch(/^It was made elsewhere/);
    expect(card.limits[2]).toMatch(/^The holdout has rows of one label only/);
    const text = renderCard(card);
    expect(text).toContain('| model | imported;');
    expect(text).toContain('Measured on 5,000 mature rows');
    expect(text).not.toMatch(/undefined|NaN|null/);
  });
});
