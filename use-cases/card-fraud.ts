import type { Random } from '../ml/random.ts';
import { defineUseCase } from './define-use-case.ts';
import { chance, clip, logistic, pick, quantileFunction, roundTo } from './distributions.ts';

/** Is a card payment fraud? The fourteen columns of a published retraining example, whose own rows had no signal; these have one. */
export default defineUseCase({
  id: 'card-fraud',
  title: 'Card fraud: which payment to stop',
  entity: { name: 'card', column: 'card_id' },
  features: {
    age: { type: 'integer', range: [10, 100], meaning: 'Age of the holder in years' },
    credit_card_balance: { type: 'number', range: [0, 30_000], meaning: 'Owed on the card, in dollars' },
    bank_account_balance: { type: 'number', range: [-10_000, 1_000_000], meaning: 'In the bank account' },
    mortgage_balance: { type: 'number', range: [0, 10_000_000], meaning: 'Mortgage still to be paid' },
    sec_bank_account_balance: { type: 'number', range: [-10_000, 1_000_000], meaning: 'In a second bank account' },
    savings_account_balance: { type: 'number', range: [0, 10_000_000], meaning: 'In the savings account' },
    sec_savings_account_balance: { type: 'number', range: [0, 10_000_000], meaning: 'In a second savings account' },
    total_est_nworth: {
      type: 'number',
      range: [-10_000_000, 100_000_000],
      meaning: 'Estimated worth, debts taken off',
    },
    primary_loan_balance: { type: 'number', range: [0, 1_000_000], meaning: 'First loan still to be paid' },
    secondary_loan_balance: { type: 'number', range: [0, 1_000_000], meaning: 'Second loan still to be paid' },
    uni_loan_balance: { type: 'number', range: [0, 1_000_000], meaning: 'Student loan still to be paid' },
    longitude: { type: 'number', range: [-180, 180], meaning: 'Where the payment was made, in degrees' },
    latitude: { type: 'number', range: [-90, 90], meaning: 'Where the payment was made, in degrees' },
    transaction_amount: { type: 'number', range: [0.01, 30_000], meaning: 'Amount of the payment, in dollars' },
  },
  label: {
    column: 'fraud_trx',
    meaning: 'The holder disputed the payment, and was right',
    positive: '1',
    negative: '0',
    delayDays: 45,
    // Nobody disputes an honest payment.
    absentMeans: 'negative',
  },
  excluded: {
    card_number: 'Names the card',
    chargeback_date: 'Known only once the payment was disputed: a leak',
  },
  source: {
    synthetic: { historyRows: 40_000, batchRows: 10_000, draw, law },
  },
  training: {
    window: { mode: 'all' },
    folds: 3,
    seed: 42,
    // At one fraud in ten, accuracy is high without finding any.
    metric: 'average_precision',
    // The reference’s three sizes of boosted trees, and a linear model to show what it misses.
    candidates: [
      { algorithm: 'logistic-regression', C: 1 },
      { algorithm: 'gradient-boosting', trees: 100, learningRate: 0.1, grid: { maxDepth: [4, 6] } },
      { algorithm: 'gradient-boosting', trees: 100, learningRate: 0.3, maxDepth: 2, maxLeaves: 5 },
    ],
    minimumRows: 2_000,
    minimumPositives: 200,
  },
  // A payment waits for the answer.
  gates: { maxLatencyMs: 50 },
  // What stops payments moves in small steps; there are enough of them to judge each soon.
  release: {
    steps: ['shadow', 0.01, 0.1, 0.5],
    bakeMinutes: 30,
    judgeMinutes: 5,
    minimumRequests: 1_000,
    limits: { latencyFloorMs: 10 },
    whenInsufficient: { action: 'hold', afterHours: 24 },
  },
  // Fraud changes within hours: four reports a day, of which one a month may cry wolf. Labels take weeks, so drift has to do.
  monitoring: { windowHours: 6, falseAlarmsPerYear: 12, cooldownHours: 6 },
  decision: {
    currency: 'USD',
    // A fraud that is paid costs the bank 200 $, one that is stopped nothing; an honest payment earns 2 $, one that is stopped costs 30 $ of calls and goodwill.
    profit: { truePositive: 0, falsePositive: -30, trueNegative: 2, falseNegative: -200 },
  },
  // A payment that was stopped never shows what it was.
  outcomes: { becomeObservations: false },
  schedules: {
    lifecycle: 'cron(30 2/6 * * ? *)',
    archive: 'cron(35 0,6,12,18 * * ? *)',
    monitor: 'cron(55 0/6 * * ? *)',
    maintain: 'cron(0 6 ? * SUN *)',
    timeZone: 'UTC',
  },
});

/** Where cards are used: the middle of each city in degrees, and its share. */
const cities = {
  newYork: { at: [-74, 40.7], share: 22 },
  losAngeles: { at: [-118.2, 34], share: 16 },
  chicago: { at: [-87.6, 41.9], share: 12 },
  houston: { at: [-95.4, 29.8], share: 11 },
  phoenix: { at: [-112.1, 33.4], share: 8 },
  miami: { at: [-80.2, 25.8], share: 10 },
  seattle: { at: [-122.3, 47.6], share: 9 },
  denver: { at: [-105, 39.7], share: 12 },
} as const;
const cityShares = Object.fromEntries(Object.entries(cities).map(([name, { share }]) => [name, share])) as Record<
  keyof typeof cities,
  number
>;

const ageAt = quantileFunction({ 0: 10, 0.03: 17, 0.1: 21, 0.25: 31, 0.5: 45, 0.75: 60, 0.9: 73, 0.98: 86, 1: 100 });
const owedAt = quantileFunction({ 0: 100, 0.25: 900, 0.5: 2_600, 0.75: 6_500, 0.9: 14_000, 1: 30_000 });
const accountAt = quantileFunction({ 0: 0, 0.1: 150, 0.25: 800, 0.5: 2_900, 0.75: 8_000, 0.9: 19_000, 1: 90_000 });
const savingsAt = quantileFunction({ 0: 0, 0.2: 200, 0.5: 6_000, 0.75: 24_000, 0.9: 70_000, 1: 400_000 });
const mortgageAt = quantileFunction({ 0: 8_000, 0.25: 90_000, 0.5: 180_000, 0.75: 310_000, 1: 900_000 });
const loanAt = quantileFunction({ 0: 500, 0.5: 9_000, 0.9: 30_000, 1: 80_000 });
const amountAt = quantileFunction({
  0: 0.01,
  0.05: 2,
  0.25: 18,
  0.5: 62,
  0.75: 260,
  0.9: 1_300,
  0.97: 6_000,
  1: 30_000,
});

/** Draws the holder of a card, and a payment with it. */
function draw(random: Random) {
  const holder = drawHolder(random);
  return {
    ...holder,
    ...drawPlace(random),
    transaction_amount: roundTo(Math.max(amountAt(random.uniform()), 0.01), 2),
  };
}

function drawHolder(random: Random) {
  const age = Math.round(ageAt(random.uniform()));
  const amount = (isThere: number, at: (share: number) => number) =>
    chance(random, isThere) ? roundTo(at(random.uniform()), 2) : 0;
  // The young have studied on credit, the middle-aged own houses, the old have saved.
  const assets = {
    bank_account_balance: amount(1, accountAt),
    sec_bank_account_balance: amount(0.35, accountAt),
    savings_account_balance: amount(age < 25 ? 0.5 : 0.85, savingsAt),
    sec_savings_account_balance: amount(age < 45 ? 0.1 : 0.3, savingsAt),
  };
  const debts = {
    credit_card_balance: amount(1, owedAt),
    mortgage_balance: amount(age < 25 ? 0.03 : age < 70 ? 0.5 : 0.15, mortgageAt),
    primary_loan_balance: amount(0.4, loanAt),
    secondary_loan_balance: amount(0.12, loanAt),
    uni_loan_balance: amount(age < 18 ? 0.02 : age < 40 ? 0.45 : 0.08, loanAt),
  };
  const house = debts.mortgage_balance * (1.1 + 0.9 * random.uniform());
  const total_est_nworth = roundTo(house + sum(assets) - sum(debts), 2);
  return { age, ...assets, ...debts, total_est_nworth };
}

/** Three of four payments are made in or about a city. */
function drawPlace(random: Random) {
  const [longitude, latitude] = cities[pick(random, cityShares)].at;
  const [across, along] = chance(random, 0.75) ? [0.6, 0.5] : [9, 5];
  return {
    longitude: roundTo(clip(longitude + across * random.normal(), -125, -67), 4),
    latitude: roundTo(clip(latitude + along * random.normal(), 24, 50), 4),
  };
}

/** What no straight line parts: amounts that are tiny or large for the account, cities with gangs, the very young and the very old, and how these meet. */
function law(row: ReturnType<typeof draw>): number {
  const means = row.bank_account_balance + row.savings_account_balance;
  const isTest = row.transaction_amount < 3;
  const empties = row.transaction_amount > 0.4 * means;
  const isHot = isNear(row, cities.miami.at) || isNear(row, cities.denver.at);
  const isEasy = row.age < 20 || row.age > 78;
  // A card near its limit, used far from the big cities.
  const isLost = row.credit_card_balance > 9_000 && !Object.values(cities).some(({ at }) => isNear(row, at));
  let odds = -3.95;
  odds += (isTest ? 2.6 : 0) + (empties ? 2.3 : 0) + (isHot ? 1.5 : 0) + (isEasy ? 0.9 : 0) + (isLost ? 3 : 0);
  if (isHot && isTest) odds += 1.5;
  if (isHot && empties) odds += 1.2;
  if (isEasy && empties) odds += 0.8;
  return logistic(odds);
}

function isNear(
  { longitude, latitude }: { longitude: number; latitude: number },
  [east, north]: readonly [number, number],
): boolean {
  return Math.abs(longitude - east) < 2 && Math.abs(latitude - north) < 1.7;
}

function sum(amounts: Readonly<Record<string, number>>): number {
  return Object.values(amounts).reduce((total, amount) => total + amount, 0);
}
