import { InvalidDriftError, readDrift } from '../../../lifecycle/simulation/read-drift.ts';
import bankMarketing from '../../../use-cases/bank-marketing.ts';

test('every form of drift is read', () => {
  const text = 'balance=+1sd, age=-5,campaign=*1.5,balance=+2.5,job=student→gig-worker,loan=false->true';
  expect(readDrift(bankMarketing, text)).toEqual([
    { feature: 'balance', change: 'add', by: 1, unit: 'sd' },
    { feature: 'age', change: 'add', by: -5, unit: 'value' },
    { feature: 'campaign', change: 'multiply', by: 1.5 },
    { feature: 'balance', change: 'add', by: 2.5, unit: 'value' },
    { feature: 'job', change: 'replace', from: 'student', to: 'gig-worker' },
    { feature: 'loan', change: 'replace', from: false, to: true },
  ]);
});

test('nothing is no drift', () => {
  expect(readDrift(bankMarketing, '')).toEqual([]);
});

test.each([
  ['blance=+1sd', /has the features age, job, .*; did you mean "balance"\?/],
  ['balance', /expected FEATURE=CHANGE/],
  ['balance=1sd', /by "1sd": expected \+N or -N to add, \+Nsd or -Nsd .*, \*N to multiply/],
  ['balance=*2sd', /expected \+N/],
  ['balance=+-1', /expected \+N/],
  ['balance=+', /expected \+N/],
  ['balance=+1e999', /expected \+N/],
  ['balance=a→b', /expected \+N/],
  ['job=nurse→student', /expected LEVEL→LEVEL, as in admin\.→blue-collar; levels are admin\., blue-collar/],
  ['job=student', /expected LEVEL→LEVEL/],
  ['job=student→', /expected LEVEL→LEVEL/],
  ['job=student→student', /expected LEVEL→LEVEL/],
  [`job=student→${'x'.repeat(300)}`, /expected LEVEL→LEVEL/],
  ['loan=yes→no', /levels are true, false/],
  ['loan=true→maybe', /levels are true, false/],
])('%s is refused, saying what is accepted', (text, message) => {
  expect(() => readDrift(bankMarketing, text)).toThrow(InvalidDriftError);
  expect(() => readDrift(bankMarketing, text)).toThrow(message);
});
