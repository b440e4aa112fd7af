import { defineUseCase } from '../../../use-cases/define-use-case.ts';

/** A use case with a feature of each type. */
export const loans = defineUseCase({
  id: 'loans',
  title: 'Who pays a loan back',
  entity: { name: 'client', column: 'client_id' },
  features: {
    age: { type: 'integer', range: [18, 100], meaning: 'Age in years' },
    income: { type: 'number', meaning: 'Yearly income' },
    job: { type: 'category', levels: ['clerk', 'farmer', 'nurse'], meaning: 'Kind of job' },
    owner: { type: 'boolean', meaning: 'Owns a house' },
  },
  label: {
    column: 'repaid',
    meaning: 'Paid back in time',
    positive: 'yes',
    negative: 'no',
    delayDays: 30,
    absentMeans: 'unknown',
  },
  excluded: { score: 'made from the label' },
  source: {
    columns: { features: { owner: 'house' } },
    synthetic: { historyRows: 10, batchRows: 10, draw: () => ({}), law: () => 0.5 },
  },
  training: {
    window: { mode: 'all' },
    folds: 2,
    seed: 1,
    metric: 'roc_auc',
    candidates: [{ algorithm: 'logistic-regression', C: 1 }],
    minimumRows: 10,
    minimumPositives: 1,
  },
  decision: {
    currency: 'EUR',
    profit: { truePositive: 1, falsePositive: -1, trueNegative: 0, falseNegative: 0 },
  },
  schedules: { lifecycle: 'rate(1 day)', maintain: 'rate(7 days)', timeZone: 'UTC' },
});
