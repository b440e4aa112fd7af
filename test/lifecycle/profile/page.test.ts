import type { DataProfile } from '../../../contracts/profile.ts';
import { writeProfilePage } from '../../../lifecycle/profile/page.ts';

const profile: DataProfile = {
  ...{
    status: 'profiled',
    useCase: 'tiny',
    title: 'Tiny <b>&</b>',
    snapshotId: '1',
    createdAt: '2026-06-15T12:00:00Z',
  },
  ...{ matureUntil: '2026-06-05T12:00:00Z', rows: 30, positives: 10 },
  label: { meaning: 'Has left', positive: 'yes', negative: 'no' },
  features: [
    {
      ...{ name: 'plan', type: 'category', meaning: '"Plan"', missing: 3, numbers: null },
      cells: [
        { name: '<script>', rows: 20, positives: 1 },
        { name: 'pro', rows: 7, positives: 7 },
        { name: 'never', rows: 0, positives: 0 },
      ],
      withLabel: { measure: "Cramér's V", value: 0.9, mutualInformation: 0.5, auc: 0.95 },
    },
    {
      ...{ name: 'amount', type: 'number', meaning: 'Spent', missing: 30, numbers: null, cells: [] },
      withLabel: null,
    },
  ],
  associations: [{ features: ['plan', 'amount'], measure: "Cramér's V", value: null }],
  suspects: [{ feature: 'plan', auc: 0.95, reason: 'alone it reaches an AUC of 0.950' }],
};

test('the page needs nothing beside itself, and shows text as text', () => {
  const page = writeProfilePage(profile);
  expect(page).not.toMatch(/<script|src=|href=|https?:/);
  expect(page).toContain('Tiny &lt;b&gt;&amp;&lt;/b&gt;');
  expect(page).toContain('&lt;script&gt;: 20 rows, 5.0 % positive');
  expect(page).not.toContain('NaN');
});

test('the page warns of what may know the label', () => {
  expect(writeProfilePage(profile)).toContain('These may know the label');
  expect(writeProfilePage({ ...profile, suspects: [] })).not.toContain('These may know the label');
});

test('the page weighs the same for a million times the rows', () => {
  const million = (count: number) => 1_000_000 * count;
  const grown: DataProfile = {
    ...{ ...profile, rows: million(profile.rows), positives: million(profile.positives) },
    features: profile.features.map(feature => ({
      ...feature,
      missing: million(feature.missing),
      cells: feature.cells.map(cell => ({ ...cell, rows: million(cell.rows), positives: million(cell.positives) })),
    })),
  };
  expect(writeProfilePage(grown).length).toBeLessThan(writeProfilePage(profile).length + 100);
});
