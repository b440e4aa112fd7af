import type { Random } from '../ml/random.ts';
import { defineUseCase } from './define-use-case.ts';
import { chance, logistic, pick, quantileFunction, type Weights } from './distributions.ts';

/** Will a client of a bank subscribe to a term deposit when called? After Moro, Cortez and Rita (2011), UCI bank marketing. */
export default defineUseCase({
  id: 'bank-marketing',
  title: 'Bank marketing: who subscribes to a term deposit',
  entity: { name: 'client', column: 'client_id' },
  features: {
    age: { type: 'integer', range: [16, 120], meaning: 'Age in years' },
    job: {
      type: 'category',
      levels: [
        'admin.',
        'blue-collar',
        'entrepreneur',
        'housemaid',
        'management',
        'retired',
        'self-employed',
        'services',
        'student',
        'technician',
        'unemployed',
        'unknown',
      ],
      meaning: 'Kind of job',
    },
    marital: { type: 'category', levels: ['divorced', 'married', 'single'], meaning: 'Marital status' },
    education: { type: 'category', levels: ['primary', 'secondary', 'tertiary', 'unknown'], meaning: 'Education' },
    has_default: { type: 'boolean', words: { true: 'yes', false: 'no' }, meaning: 'Has credit in default' },
    balance: { type: 'number', meaning: 'Average yearly balance in euros' },
    housing: { type: 'boolean', words: { true: 'yes', false: 'no' }, meaning: 'Has a housing loan' },
    loan: { type: 'boolean', words: { true: 'yes', false: 'no' }, meaning: 'Has a personal loan' },
    contact: { type: 'category', levels: ['cellular', 'telephone', 'unknown'], meaning: 'How the client is reached' },
    day_of_month: { type: 'integer', range: [1, 31], meaning: 'Day of the month of the last contact' },
    contact_month: {
      type: 'category',
      levels: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
      meaning: 'Month of the last contact',
    },
    campaign: { type: 'integer', range: [1, 1_000], meaning: 'Contacts in this campaign, this one included' },
    pdays: { type: 'integer', range: [-1, 10_000], meaning: 'Days since a previous campaign; -1 = never contacted' },
    previous: { type: 'integer', range: [0, 10_000], meaning: 'Contacts before this campaign' },
    poutcome: {
      type: 'category',
      levels: ['failure', 'other', 'success', 'unknown'],
      meaning: 'Outcome of the previous campaign',
    },
  },
  label: {
    column: 'y',
    meaning: 'Subscribed to a term deposit',
    positive: 'yes',
    negative: 'no',
    // A contract is signed within two weeks of the call; the log of predictions holds them for thirty days, so judges see them.
    delayDays: 14,
    absentMeans: 'unknown',
  },
  excluded: {
    duration: 'Seconds of the very call whose outcome is predicted: known only once the answer is',
  },
  source: {
    columns: { features: { has_default: 'default', day_of_month: 'day', contact_month: 'month' } },
    synthetic: { historyRows: 45_000, batchRows: 10_000, draw, law },
  },
  training: {
    window: { mode: 'all' },
    folds: 5,
    seed: 42,
    metric: 'roc_auc',
    candidates: ['quick'],
    minimumRows: 1_000,
    minimumPositives: 100,
  },
  gates: { groups: ['marital', 'education'] },
  decision: {
    currency: 'EUR',
    // A call costs 4 €, a subscription is worth 50 €.
    profit: { truePositive: 46, falsePositive: -4, trueNegative: 0, falseNegative: 0 },
  },
  // The archive goes before the report that reads it.
  schedules: {
    archive: 'cron(20 0,6,12,18 * * ? *)',
    monitor: 'cron(40 0 * * ? *)',
    lifecycle: 'cron(0 3 * * ? *)',
    maintain: 'cron(0 5 ? * SUN *)',
    timeZone: 'UTC',
  },
});

/** Months of contact, by share, and what goes with each: share of housing loans, of unknown and fixed lines, and the pull on the label. */
const months = {
  jan: { share: 31, housing: 0.38, unknown: 0.01, telephone: 0.09, pull: -0.5 },
  feb: { share: 59, housing: 0.42, unknown: 0.02, telephone: 0.11, pull: 0.05 },
  mar: { share: 11, housing: 0.22, unknown: 0.02, telephone: 0.07, pull: 2 },
  apr: { share: 65, housing: 0.7, unknown: 0.01, telephone: 0.07, pull: 0.45 },
  may: { share: 304, housing: 0.88, unknown: 0.58, telephone: 0.03, pull: -0.1 },
  jun: { share: 118, housing: 0.42, unknown: 0.84, telephone: 0.02, pull: 0.15 },
  jul: { share: 153, housing: 0.48, unknown: 0.04, telephone: 0.12, pull: -0.45 },
  aug: { share: 138, housing: 0.18, unknown: 0.01, telephone: 0.04, pull: -0.5 },
  sep: { share: 13, housing: 0.24, unknown: 0.04, telephone: 0.1, pull: 1.6 },
  oct: { share: 16, housing: 0.24, unknown: 0.04, telephone: 0.15, pull: 1.55 },
  nov: { share: 88, housing: 0.55, unknown: 0.01, telephone: 0.09, pull: -0.5 },
  dec: { share: 5, housing: 0.25, unknown: 0.03, telephone: 0.2, pull: 1.7 },
} as const;
const monthShares = Object.fromEntries(Object.entries(months).map(([month, { share }]) => [month, share])) as Weights<
  keyof typeof months
>;

/** Jobs by age: shares below 30, from 30 to 59, and from 60. */
const jobShares = {
  young: job({ management: 17, technician: 17, blue: 25, admin: 17, services: 14, student: 16, retired: 0, rest: 12 }),
  middle: job({
    management: 188,
    technician: 149,
    blue: 190,
    admin: 96,
    services: 78,
    student: 5,
    retired: 26,
    rest: 118,
  }),
  old: job({ management: 4, technician: 2, blue: 2, admin: 2, services: 1, student: 0, retired: 24, rest: 4 }),
};

function job(
  shares: Weights<'management' | 'technician' | 'blue' | 'admin' | 'services' | 'student' | 'retired' | 'rest'>,
) {
  return {
    'admin.': shares.admin,
    'blue-collar': shares.blue,
    entrepreneur: shares.rest * 0.25,
    housemaid: shares.rest * 0.21,
    management: shares.management,
    retired: shares.retired,
    'self-employed': shares.rest * 0.27,
    services: shares.services,
    student: shares.student,
    technician: shares.technician,
    unemployed: shares.rest * 0.22,
    unknown: shares.rest * 0.05,
  };
}

/** Pull of each job on the label, beside those of age and education. */
const jobPulls: Weights<keyof ReturnType<typeof job>> = {
  'admin.': 0.1,
  'blue-collar': -0.3,
  entrepreneur: -0.35,
  housemaid: -0.4,
  management: 0,
  retired: 0.25,
  'self-employed': -0.15,
  services: -0.2,
  student: 0.6,
  technician: -0.1,
  unemployed: 0.1,
  unknown: -0.2,
};

const educationShares = {
  professional: { primary: 3, secondary: 20, tertiary: 73, unknown: 4 },
  manual: { primary: 36, secondary: 56, tertiary: 3, unknown: 5 },
  other: { primary: 12, secondary: 66, tertiary: 17, unknown: 5 },
};
const educationPulls = { primary: -0.25, secondary: 0, tertiary: 0.3, unknown: 0.1 };

const maritalShares = {
  young: { divorced: 2, married: 26, single: 72 },
  middle: { divorced: 10, married: 58, single: 32 },
  old: { divorced: 17, married: 75, single: 8 },
};

const ageAt = quantileFunction({
  0: 18,
  0.01: 23,
  0.05: 27,
  0.25: 33,
  0.5: 39,
  0.75: 48,
  0.9: 56,
  0.97: 60,
  0.99: 71,
  1: 92,
});
const balanceAt = quantileFunction({
  0: -3_000,
  0.01: -630,
  0.05: -170,
  0.083: 0,
  0.16: 0,
  0.25: 72,
  0.5: 450,
  0.75: 1_430,
  0.9: 3_570,
  0.95: 5_770,
  0.99: 13_200,
  0.999: 33_000,
  1: 90_000,
});
const dayAt = quantileFunction({ 0: 1, 0.1: 5, 0.25: 8, 0.5: 16, 0.75: 21, 0.9: 28, 1: 31.4 });
const campaignAt = quantileFunction({
  0: 0.5,
  0.388: 1.5,
  0.665: 2.5,
  0.787: 3.5,
  0.865: 4.5,
  0.904: 5.5,
  0.949: 7.5,
  0.99: 16,
  0.999: 32,
  1: 60,
});
const sinceAt = quantileFunction({ 0: 1, 0.05: 79, 0.25: 133, 0.5: 194, 0.75: 327, 0.95: 370, 0.99: 530, 1: 860 });
const previousAt = quantileFunction({
  0: 0.5,
  0.334: 1.5,
  0.591: 2.5,
  0.728: 3.5,
  0.815: 4.5,
  0.9: 6.5,
  0.99: 17,
  1: 55,
});

/** Draws a client, and how and when the bank called. */
function draw(random: Random) {
  const client = drawClient(random);
  const call = drawCall(random, client.age);
  return { ...client, ...call, ...drawHistory(random, call) };
}

function drawClient(random: Random) {
  const age = Math.round(ageAt(random.uniform()));
  const job = pick(random, age < 30 ? jobShares.young : age < 60 ? jobShares.middle : jobShares.old);
  const marital = pick(random, age < 30 ? maritalShares.young : age < 45 ? maritalShares.middle : maritalShares.old);
  const education = pick(random, educationShares[educationGroup(job)]);
  const balance = Math.round(balanceAt(random.uniform()));
  const has_default = chance(random, balance < 0 ? 0.11 : 0.01);
  const loan = chance(random, balance < 0 ? 0.3 : job === 'student' || job === 'retired' ? 0.06 : 0.155);
  return { age, job, marital, education, balance, has_default, loan };
}

function educationGroup(job: keyof typeof jobPulls): keyof typeof educationShares {
  if (job === 'management' || job === 'self-employed') return 'professional';
  return job === 'blue-collar' || job === 'housemaid' ? 'manual' : 'other';
}

function drawCall(random: Random, age: number) {
  const contact_month = pick(random, monthShares);
  const month = months[contact_month];
  const housing = chance(random, month.housing * (age < 60 ? 1.02 : 0.3));
  const line = random.uniform();
  const contact = line < month.unknown ? 'unknown' : line < month.unknown + month.telephone ? 'telephone' : 'cellular';
  const day_of_month = Math.round(dayAt(random.uniform()));
  const campaign = Math.round(campaignAt(random.uniform()));
  return { contact_month, housing, contact, day_of_month, campaign } as const;
}

/** Clients whose line is unknown were not called before. */
function drawHistory(random: Random, { contact, housing }: { contact: string; housing: boolean }) {
  if (contact === 'unknown' || !chance(random, 0.255)) {
    return { pdays: -1, previous: 0, poutcome: 'unknown' as const };
  }
  const shares = housing ? { failure: 68, other: 23, success: 9 } : { failure: 46, other: 21, success: 33 };
  const poutcome = pick(random, shares);
  const pdays = Math.round(sinceAt(random.uniform() * (poutcome === 'success' ? 0.6 : 1)));
  return { pdays, previous: Math.round(previousAt(random.uniform())), poutcome };
}

const outcomePulls = { failure: 0.05, other: 0.25, success: 2.4, unknown: 0 };

/** Whether the client subscribes: main effects, bends in age and balance, and three interactions that a linear model misses. */
function law(row: ReturnType<typeof draw>): number {
  let odds = -1.78 + months[row.contact_month].pull + jobPulls[row.job] + educationPulls[row.education];
  odds += outcomePulls[row.poutcome];
  odds += row.age >= 60 ? 1.1 : row.age < 30 ? 0.35 : 0;
  odds += row.marital === 'married' ? -0.2 : 0;
  odds += row.contact === 'unknown' ? -1.15 : row.contact === 'telephone' ? -0.15 : 0;
  odds += (row.housing ? -0.55 : 0) + (row.loan ? -0.45 : 0) + (row.has_default ? -0.3 : 0);
  odds += row.balance < 0 ? -0.4 : Math.min(row.balance, 4_000) * 0.00012;
  odds -= Math.min(row.campaign - 1, 10) * 0.09;
  odds += Math.min(row.previous, 5) * 0.04;
  odds += row.day_of_month === 1 || row.day_of_month === 10 ? 0.4 : 0;
  if (row.contact_month === 'jun' && row.contact === 'cellular') odds += 1.5;
  if (row.contact_month === 'apr' && !row.housing) odds += 0.9;
  if (row.contact === 'cellular' && row.previous === 0 && row.balance > 1_500) odds += 0.25;
  return logistic(odds);
}
