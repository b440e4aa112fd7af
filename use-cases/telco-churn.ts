import type { Random } from '../ml/random.ts';
import { defineUseCase } from './define-use-case.ts';
import { chance, clip, logistic, pick, quantileFunction, roundTo, type Weights } from './distributions.ts';

const yesOrNo = { true: 'Yes', false: 'No' };
const netService = ['No', 'No internet service', 'Yes'];

/** Will a customer of a telephone company leave? After IBM's sample of 7,043 customers. */
export default defineUseCase({
  id: 'telco-churn',
  title: 'Telco churn: which customer leaves',
  entity: { name: 'customer', column: 'customer_id' },
  features: {
    gender: { type: 'category', levels: ['Female', 'Male'], meaning: 'Gender' },
    senior_citizen: { type: 'boolean', words: { true: '1', false: '0' }, meaning: 'Is 65 or older' },
    partner: { type: 'boolean', words: yesOrNo, meaning: 'Has a partner' },
    dependents: { type: 'boolean', words: yesOrNo, meaning: 'Lives with dependents' },
    tenure: { type: 'integer', range: [0, 600], meaning: 'Months as a customer' },
    phone_service: { type: 'boolean', words: yesOrNo, meaning: 'Has a telephone' },
    multiple_lines: { type: 'category', levels: ['No', 'No phone service', 'Yes'], meaning: 'Has several lines' },
    internet_service: {
      type: 'category',
      levels: ['DSL', 'Fiber optic', 'No'],
      meaning: 'How the internet is reached',
    },
    online_security: { type: 'category', levels: netService, meaning: 'Has online security' },
    online_backup: { type: 'category', levels: netService, meaning: 'Has online backup' },
    device_protection: { type: 'category', levels: netService, meaning: 'Has a device protection plan' },
    tech_support: { type: 'category', levels: netService, meaning: 'Has technical support' },
    streaming_tv: { type: 'category', levels: netService, meaning: 'Streams television' },
    streaming_movies: { type: 'category', levels: netService, meaning: 'Streams films' },
    contract: {
      type: 'category',
      levels: ['Month-to-month', 'One year', 'Two year'],
      meaning: 'Term of the contract',
    },
    paperless_billing: { type: 'boolean', words: yesOrNo, meaning: 'Is billed without paper' },
    payment_method: {
      type: 'category',
      levels: ['Bank transfer (automatic)', 'Credit card (automatic)', 'Electronic check', 'Mailed check'],
      meaning: 'How the customer pays',
    },
    monthly_charges: { type: 'number', range: [0, 1_000], meaning: 'Charged a month, in dollars' },
    total_charges: {
      type: 'number',
      range: [0, 100_000],
      meaning: 'Charged ever, in dollars; blank before the first bill',
    },
  },
  label: {
    column: 'Churn',
    meaning: 'Left within the month',
    positive: 'Yes',
    negative: 'No',
    delayDays: 30,
    absentMeans: 'unknown',
  },
  excluded: {
    customerID: 'Names the customer: it says nothing of another one',
    final_label: 'The label under its later name',
    probability: 'What an earlier model said: learning from it is learning from itself',
    explanation: 'Made from an earlier model’s answer',
  },
  source: {
    columns: {
      entityId: 'customerID',
      features: {
        senior_citizen: 'SeniorCitizen',
        partner: 'Partner',
        dependents: 'Dependents',
        phone_service: 'PhoneService',
        multiple_lines: 'MultipleLines',
        internet_service: 'InternetService',
        online_security: 'OnlineSecurity',
        online_backup: 'OnlineBackup',
        device_protection: 'DeviceProtection',
        tech_support: 'TechSupport',
        streaming_tv: 'StreamingTV',
        streaming_movies: 'StreamingMovies',
        contract: 'Contract',
        paperless_billing: 'PaperlessBilling',
        payment_method: 'PaymentMethod',
        monthly_charges: 'MonthlyCharges',
        total_charges: 'TotalCharges',
      },
    },
    synthetic: { historyRows: 7_000, batchRows: 1_000, draw, law },
  },
  training: {
    window: { mode: 'all' },
    folds: 5,
    seed: 42,
    metric: 'roc_auc',
    // Default trees overfit seven thousand rows; few leaves and a slow rate do not.
    candidates: [
      { algorithm: 'logistic-regression', grid: { C: [0.1, 1] } },
      { algorithm: 'random-forest', trees: 100, maxDepth: 10, minSamplesLeaf: 5 },
      { algorithm: 'gradient-boosting', trees: 150, maxLeaves: 8, learningRate: 0.05 },
    ],
    minimumRows: 1_000,
    minimumPositives: 100,
  },
  gates: { groups: ['gender', 'senior_citizen'], groupMargin: 0.03 },
  // Customers are scored a few times a month: a share of them would say little, all of them in shadow say enough.
  release: { strategy: 'shadow', bakeMinutes: 24 * 60, judgeMinutes: 60, minimumRequests: 500 },
  // People change slowly and are few: a week makes a window.
  monitoring: { windowHours: 7 * 24, falseAlarmsPerYear: 2, cooldownHours: 7 * 24 },
  decision: {
    currency: 'USD',
    // An offer to stay costs 60 $. It keeps four of ten who would leave, and one who stays is worth 400 $.
    profit: { truePositive: 100, falsePositive: -60, trueNegative: 0, falseNegative: 0 },
  },
  // Who was made an offer to stay, and stayed, would teach that such customers do not leave.
  outcomes: { becomeObservations: false },
  schedules: {
    lifecycle: 'cron(0 4 * * ? *)',
    score: 'cron(45 4 ? * MON *)',
    archive: 'cron(30 0,6,12,18 * * ? *)',
    // Weeks that are counted from 1970 on end with a Wednesday.
    monitor: 'cron(0 1 ? * THU *)',
    maintain: 'cron(20 5 ? * SUN *)',
    timeZone: 'UTC',
  },
});

type Internet = 'DSL' | 'Fiber optic' | 'No';
type Payment = 'Bank transfer (automatic)' | 'Credit card (automatic)' | 'Electronic check' | 'Mailed check';
type Contract = 'Month-to-month' | 'One year' | 'Two year';

const internetShares = {
  senior: { DSL: 23, 'Fiber optic': 73, No: 4 },
  younger: { DSL: 37, 'Fiber optic': 38, No: 25 },
};

/** What goes with each kind of line: terms of contract, several telephone lines (at first, and more by six years), bills without paper, the price. */
const lines: Readonly<
  Record<Internet, { terms: Weights<Contract>; several: [number, number]; paperless: number; price: number }>
> = {
  DSL: {
    terms: { 'Month-to-month': 51, 'One year': 23, 'Two year': 26 },
    several: [0.2, 0.45],
    paperless: 0.55,
    price: 25,
  },
  'Fiber optic': {
    terms: { 'Month-to-month': 69, 'One year': 17, 'Two year': 14 },
    several: [0.44, 0.43],
    paperless: 0.77,
    price: 50,
  },
  No: {
    terms: { 'Month-to-month': 34, 'One year': 24, 'Two year': 42 },
    several: [0.02, 0.42],
    paperless: 0.29,
    price: 0,
  },
};

/** Months as a customer, by the contract. */
const tenureAt: Readonly<Record<Contract, (share: number) => number>> = {
  'Month-to-month': quantileFunction({ 0: 0.6, 0.156: 1.49, 0.25: 3, 0.5: 12, 0.75: 29, 0.9: 46, 1: 72 }),
  'One year': quantileFunction({ 0: 1, 0.1: 14, 0.25: 27, 0.5: 44, 0.75: 58, 0.9: 67, 1: 72 }),
  'Two year': quantileFunction({ 0: -0.5, 0.002: 0.5, 0.1: 26, 0.25: 48, 0.5: 64, 0.75: 71, 0.8: 71.5, 1: 72 }),
};

/** Means of payment, by the contract, of customers with and without internet. */
const payments: Readonly<Record<'online' | 'offline', Readonly<Record<Contract, Weights<Payment>>>>> = {
  online: {
    'Month-to-month': payment(15, 14, 54, 17),
    'One year': payment(27, 28, 30, 15),
    'Two year': payment(36, 37, 15, 12),
  },
  offline: {
    'Month-to-month': payment(15, 13, 15, 57),
    'One year': payment(24, 23, 5, 48),
    'Two year': payment(29, 31, 2, 38),
  },
};

function payment(transfer: number, card: number, electronic: number, mailed: number): Weights<Payment> {
  return {
    'Bank transfer (automatic)': transfer,
    'Credit card (automatic)': card,
    'Electronic check': electronic,
    'Mailed check': mailed,
  };
}

/** Share of customers with a service: of DSL and of fiber lines, by the contract from the shortest to the longest; and its price. */
const services = {
  online_security: { DSL: [0.3, 0.58, 0.77], 'Fiber optic': [0.17, 0.41, 0.61], price: 5 },
  online_backup: { DSL: [0.3, 0.49, 0.69], 'Fiber optic': [0.33, 0.64, 0.72], price: 5 },
  device_protection: { DSL: [0.23, 0.54, 0.76], 'Fiber optic': [0.32, 0.63, 0.79], price: 5 },
  tech_support: { DSL: [0.28, 0.57, 0.82], 'Fiber optic': [0.16, 0.42, 0.72], price: 5 },
  streaming_tv: { DSL: [0.24, 0.45, 0.64], 'Fiber optic': [0.47, 0.74, 0.82], price: 10 },
  streaming_movies: { DSL: [0.25, 0.45, 0.66], 'Fiber optic': [0.47, 0.75, 0.82], price: 10 },
} as const;
type Service = keyof typeof services;
const terms: readonly Contract[] = ['Month-to-month', 'One year', 'Two year'];

/** Draws a household, what it has ordered, and what that costs. */
function draw(random: Random) {
  const household = drawHousehold(random);
  const order = drawOrder(random, household);
  return { ...household, ...order, ...drawBill(random, order) };
}

function drawHousehold(random: Random) {
  const senior_citizen = chance(random, 0.162);
  const partner = chance(random, 0.483);
  const dependents = chance(random, (partner ? 0.6 : 0.114) * (senior_citizen ? 0.16 : 1));
  const gender = chance(random, 0.495) ? ('Female' as const) : ('Male' as const);
  return { gender, senior_citizen, partner, dependents };
}

function drawOrder(random: Random, { senior_citizen, partner }: { senior_citizen: boolean; partner: boolean }) {
  const internet_service = pick(random, internetShares[senior_citizen ? 'senior' : 'younger']);
  const line = lines[internet_service];
  const contract = pick(random, line.terms);
  // Couples stay longer, and so do those with fiber.
  const loyalty = (partner ? 1.25 : 0.75) * { DSL: 0.95, 'Fiber optic': 1.25, No: 0.75 }[internet_service];
  const tenure = Math.round(tenureAt[contract](random.uniform() ** (1 / loyalty)));
  const phone_service = internet_service !== 'DSL' || chance(random, 0.718);
  const hasSeveral = chance(random, line.several[0] + (line.several[1] * tenure) / 72);
  const multiple_lines = !phone_service ? 'No phone service' : hasSeveral ? 'Yes' : 'No';
  const ordered = drawServices(random, internet_service, contract);
  return { internet_service, contract, tenure, phone_service, multiple_lines, ...ordered } as const;
}

function drawServices(random: Random, internet: Internet, contract: Contract) {
  const names = Object.keys(services) as Service[];
  const has = (name: Service) =>
    internet === 'No'
      ? 'No internet service'
      : chance(random, services[name][internet][terms.indexOf(contract)]!)
        ? 'Yes'
        : 'No';
  return Object.fromEntries(names.map(name => [name, has(name)])) as Record<
    Service,
    'No' | 'No internet service' | 'Yes'
  >;
}

function drawBill(random: Random, order: ReturnType<typeof drawOrder>) {
  const { internet_service, contract, tenure, phone_service, multiple_lines } = order;
  const paperless_billing = chance(random, lines[internet_service].paperless);
  const isOnline = internet_service !== 'No';
  const payment_method = pick(random, payments[isOnline ? 'online' : 'offline'][contract]);
  const ordered = (Object.keys(services) as Service[]).filter(name => order[name] === 'Yes');
  const price =
    lines[internet_service].price +
    (phone_service ? 20 : 0) +
    (multiple_lines === 'Yes' ? 5 : 0) +
    ordered.reduce((sum, name) => sum + services[name].price, 0);
  const monthly_charges = roundTo(clip(price + 0.7 * random.normal(), 18.25, 118.75), 2);
  // Prices change a little over the years.
  const paid = tenure * monthly_charges + 10.8 * Math.sqrt(Math.max(tenure - 1, 0)) * random.normal();
  const total_charges = tenure === 0 ? null : roundTo(Math.max(paid, monthly_charges), 2);
  return { paperless_billing, payment_method, monthly_charges, total_charges };
}

const contractPulls = { 'Month-to-month': 0, 'One year': -0.75, 'Two year': -1.6 };
const internetPulls = { DSL: 0, 'Fiber optic': 0.95, No: -0.9 };
const servicePulls: Weights<Service> = {
  online_security: -0.4,
  online_backup: -0.15,
  device_protection: -0.05,
  tech_support: -0.35,
  streaming_tv: 0.15,
  streaming_movies: 0.15,
};

/** Whether the customer leaves: most of all in the first months, with a contract by the month, fiber and electronic checks. */
function law(row: ReturnType<typeof draw>): number {
  let odds = -0.87 + contractPulls[row.contract] + internetPulls[row.internet_service];
  odds += row.tenure <= 1 ? 0.75 : row.tenure <= 6 ? 0.35 : 0;
  odds -= 0.026 * row.tenure;
  for (const name of Object.keys(services) as Service[]) if (row[name] === 'Yes') odds += servicePulls[name];
  odds += row.multiple_lines === 'Yes' ? 0.2 : 0;
  odds += (row.paperless_billing ? 0.35 : 0) + (row.payment_method === 'Electronic check' ? 0.45 : 0);
  odds += (row.senior_citizen ? 0.2 : 0) - (row.dependents ? 0.2 : 0);
  return logistic(odds);
}
