import { defineUseCase } from '../../../use-cases/define-use-case.ts';

/** One feature of each type, and files whose columns are named otherwise. */
export const minimalUseCase = defineUseCase({
  id: 'tiny-churn',
  title: 'Tiny churn',
  entity: { name: 'customer', column: 'customer' },
  features: {
    amount: { type: 'number', range: [0, 1_000], meaning: 'Spent' },
    visits: { type: 'integer', meaning: 'Visits' },
    plan: { type: 'category', levels: ['basic', 'pro'], meaning: 'Plan' },
    is_member: { type: 'boolean', words: { true: 'ja', false: 'nein' }, meaning: 'Member' },
  },
  label: {
    column: 'churned',
    meaning: 'Has left',
    positive: 'yes',
    negative: 'no',
    delayDays: 10,
    absentMeans: 'unknown',
  },
  excluded: {},
  source: {
    columns: { observationId: 'id', eventTime: 'at', features: { is_member: 'member' } },
    synthetic: {
      historyRows: 60,
      batchRows: 20,
      draw(random) {
        const amount = random.integer(1_000);
        const plan = random.uniform() < 0.5 ? 'basic' : 'pro';
        return { amount, visits: random.integer(9), plan, is_member: random.uniform() < 0.3 };
      },
      law: ({ amount }) => Number(amount) / 1_000,
    },
  },
  training: {
    window: { mode: 'all' },
    folds: 2,
    seed: 1,
    metric: 'roc_auc',
    candidates: [{ algorithm: 'logistic-regression', C: 1 }],
    minimumRows: 5,
    minimumPositives: 2,
  },
  decision: {
    currency: 'EUR',
    profit: { truePositive: 1, falsePositive: -1, trueNegative: 0, falseNegative: 0 },
  },
  schedules: { lifecycle: 'rate(1 day)', maintain: 'rate(7 days)', timeZone: 'UTC' },
});
