import { translateCron } from '../../../local/scheduler/aws-cron.ts';

test.each([
  ['cron(15 10 ? * MON-FRI *)', '0 15 10 * * 1-5 *'],
  ['cron(0 3 * * ? *)', '0 0 3 * * * *'],
  ['cron(0 8 ? * 1 *)', '0 0 8 * * 0 *'],
  ['cron(0 8 ? * 7 *)', '0 0 8 * * 6 *'],
  ['cron(0/15 9-17 ? * 2-6 2027)', '0 0-59/15 9-17 * * 1-5 2027'],
  ['cron(*/10 * * * ? *)', '0 */10 * * * * *'],
  ['cron(0 0 1,15 JAN,jul ? *)', '0 0 0 1,15 1,7 * *'],
  ['cron(0 0 L * ? *)', '0 0 0 L * * *'],
  ['cron(0 0 LW * ? *)', '0 0 0 LW * * *'],
  ['cron(0 0 15W * ? *)', '0 0 0 15W * * *'],
  ['cron(0 0 ? * L *)', '0 0 0 * * 6 *'],
  ['cron(0 0 ? * 6L *)', '0 0 0 * * 5#L *'],
  ['cron(0 0 ? * TUE#3 *)', '0 0 0 * * 2#3 *'],
  ['cron(0 0 ? * 3#1 2030/2)', '0 0 0 * * 2#1 2030-2199/2'],
  ['cron(10-40/5 0 1 * ? *)', '0 10-40/5 0 1 * * *'],
])('%s is %s to croner', (expression, pattern) => {
  expect(translateCron(expression)).toBe(pattern);
});

test.each([
  ['cron(0 3 * * *)', 'six fields'],
  ['0 3 * * ? *', 'six fields'],
  ['cron(0 3 * * * *)', 'exactly one'],
  ['cron(0 3 ? * ? *)', 'exactly one'],
  ['cron(60 3 * * ? *)', '"60" is no minutes, expected 0 to 59'],
  ['cron(0 3 ? * 0 *)', '"0" is no day of week, expected 1 to 7'],
  ['cron(0 3 ? * FUN *)', '"FUN" is no day of week'],
  ['cron(0 3 L-3 * ? *)', '"L" is no day of month'],
  ['cron(0/0 3 * * ? *)', '"0/0" is no minutes'],
  ['cron(? 3 * * ? *)', '"?" is no minutes'],
  ['cron(0 17-9 * * ? *)', 'ends before it starts'],
])('%s is refused: %s', (expression, problem) => {
  expect(() => translateCron(expression)).toThrow(problem);
});
