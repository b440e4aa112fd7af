import type { Random } from '../ml/random.ts';
import { defineUseCase } from './define-use-case.ts';
import { chance, logistic, pick, quantileFunction, roundTo } from './distributions.ts';

const oneOrNothing = { true: '1', false: '0' };

/** Will a customer buy after an offer was sent? After the e-mail campaign that Hillstrom published (2008). */
export default defineUseCase({
  id: 'offer-conversion',
  title: 'Offer conversion: who buys after an offer',
  entity: { name: 'customer', column: 'customer_id' },
  features: {
    recency: { type: 'integer', range: [0, 1_200], meaning: 'Months since the last purchase' },
    history: { type: 'number', range: [0, 1_000_000], meaning: 'Spent in the past year, in dollars' },
    used_discount: { type: 'boolean', words: oneOrNothing, meaning: 'Has used a discount before' },
    used_bogo: { type: 'boolean', words: oneOrNothing, meaning: 'Has used a buy-one-get-one before' },
    // Spelt as the published file has it.
    zip_code: { type: 'category', levels: ['Rural', 'Surburban', 'Urban'], meaning: 'Kind of place' },
    is_referral: { type: 'boolean', words: oneOrNothing, meaning: 'Came by a referral' },
    channel: { type: 'category', levels: ['Multichannel', 'Phone', 'Web'], meaning: 'How the customer has bought' },
    offer: { type: 'category', levels: ['Buy One Get One', 'Discount', 'No Offer'], meaning: 'Offer that was sent' },
  },
  label: {
    column: 'conversion',
    meaning: 'Bought within two weeks of the offer',
    positive: '1',
    negative: '0',
    delayDays: 14,
    // A shop hears of purchases, never of their absence.
    absentMeans: 'negative',
  },
  excluded: {
    name: 'Names the customer',
    street_address: 'Names the customer',
    city: 'Names the customer, with the address; what matters of it is zip_code',
    postcode: 'Names the customer, with the address; what matters of it is zip_code',
    phone_number: 'Names the customer',
    job: 'Made up where the table was filled: no offer depends on it',
    score: 'Computed from the conversion: a leak',
    customer_score: 'Computed from the conversion: a leak',
    batch_id: 'Says when the row was loaded, nothing of the customer',
    batch_tms: 'Says when the row was loaded, nothing of the customer',
  },
  source: {
    synthetic: { historyRows: 64_000, batchRows: 1_000, draw, law },
  },
  training: {
    window: { mode: 'all' },
    folds: 3,
    seed: 42,
    metric: 'roc_auc',
    // One of each family that the reference factories try: `r2` names their whole grid, of forty trials.
    candidates: [
      { algorithm: 'logistic-regression', grid: { C: [0.1, 1] } },
      { algorithm: 'random-forest', trees: 30, maxDepth: 10 },
      { algorithm: 'gradient-boosting', trees: 100, maxDepth: 3, learningRate: 0.1 },
    ],
    minimumRows: 1_000,
    minimumPositives: 100,
  },
  gates: { groups: ['zip_code', 'channel'] },
  // Offers are cheap and purchases many: two versions show in earnest which one earns more. Two weeks pass before the first unit counts.
  release: {
    strategy: 'ab',
    bakeMinutes: 14 * 24 * 60,
    judgeMinutes: 60,
    minimumRequests: 1_000,
    experiment: { value: 'profit', minimumEffect: 0.05 },
    whenInsufficient: { action: 'promote', afterHours: 14 * 24 },
  },
  // The reference system trains on twenty thousand rows.
  monitoring: { retrainOn: { newMatureRows: 20_000 } },
  decision: {
    currency: 'USD',
    // To send an offer costs 1 $ and a purchase brings 5 $: it pays from one in five on.
    profit: { truePositive: 4, falsePositive: -1, trueNegative: 0, falseNegative: 0 },
  },
  schedules: {
    lifecycle: 'cron(45 1 * * ? *)',
    // New customers, once they are in and the version that may have come of them answers.
    score: 'cron(30 2 * * ? *)',
    archive: 'cron(25 0,6,12,18 * * ? *)',
    monitor: 'cron(50 0 * * ? *)',
    maintain: 'cron(40 5 ? * SUN *)',
    timeZone: 'UTC',
  },
});

const recencyShares = { 1: 140, 2: 118, 3: 92, 4: 79, 5: 70, 6: 72, 7: 64, 8: 55, 9: 101, 10: 118, 11: 55, 12: 36 };
const usedShares = { discount: 45, bogo: 45, both: 10 } as const;
const channelShares = {
  one: { Multichannel: 10, Phone: 45, Web: 45 },
  both: { Multichannel: 31, Phone: 34, Web: 35 },
};

/** Spent by those who bought once or a few times, and by those with several channels or kinds of offer. */
const spentAt = {
  little: quantileFunction({ 0: 29.99, 0.16: 29.99, 0.25: 50, 0.5: 117, 0.75: 243, 0.9: 415, 0.99: 950, 1: 2_800 }),
  much: quantileFunction({ 0: 200, 0.1: 232, 0.25: 292, 0.5: 430, 0.75: 640, 0.9: 900, 0.99: 1_590, 1: 3_346 }),
};

/** Draws a customer, and one of three offers at random, as the campaign gave them out. */
function draw(random: Random) {
  const recency = Number(pick(random, recencyShares));
  const used = pick(random, usedShares);
  const channel = pick(random, channelShares[used === 'both' ? 'both' : 'one']);
  const isFrequent = used === 'both' || channel === 'Multichannel';
  // Who bought lately has spent more.
  const share = random.uniform() ** (0.6 + 0.1 * recency);
  const history = roundTo(spentAt[isFrequent ? 'much' : 'little'](share), 2);
  const is_referral = chance(random, isFrequent ? 0.6 : 0.485);
  const zip_code = pick(random, { Rural: 15, Surburban: 45, Urban: 40 });
  const offer = pick(random, { 'Buy One Get One': 1, Discount: 1, 'No Offer': 1 });
  const [used_discount, used_bogo] = [used !== 'bogo', used !== 'discount'];
  return { recency, history, used_discount, used_bogo, zip_code, is_referral, channel, offer };
}

/** Pull of each offer on those who have used only discounts, only buy-one-get-one, or both. */
const offerPulls = {
  'Buy One Get One': { discount: 0.12, bogo: 0.68, both: 0.45 },
  Discount: { discount: 0.62, bogo: 0.64, both: 0.76 },
  'No Offer': { discount: 0, bogo: 0, both: 0 },
};
const channelPulls = { Multichannel: 0.25, Phone: 0, Web: 0.28 };

/** Whether the customer buys: an offer works best on who has used its like, a referral counts less for who has used both. */
function law(row: ReturnType<typeof draw>): number {
  const used = row.used_discount && row.used_bogo ? 'both' : row.used_discount ? 'discount' : 'bogo';
  let odds = -1.95 + offerPulls[row.offer][used] + channelPulls[row.channel];
  odds += used === 'both' ? 0.55 : 0;
  odds -= 0.065 * Math.min(row.recency, 10);
  odds += row.zip_code === 'Rural' ? 0.37 : 0;
  odds -= row.is_referral ? (used === 'both' ? 0.13 : 0.54) : 0;
  odds += 0.0003 * Math.min(row.history, 500);
  return logistic(odds);
}
