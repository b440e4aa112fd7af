import {
  fillMonitoring,
  findMonitoringProblems,
  monitorSchedule,
  reportsPerYear,
} from '../../use-cases/monitoring-policy.ts';

test('a policy of which nothing is said makes a report a day', () => {
  expect(fillMonitoring()).toMatchObject({ windowHours: 24, falseAlarmsPerYear: 4, action: 'retrain' });
  expect(findMonitoringProblems(undefined)).toEqual([]);
  expect(reportsPerYear(fillMonitoring())).toBeCloseTo(365.2425, 4);
});

test('what is said of floors and rules replaces no others', () => {
  const { floors, retrainOn } = fillMonitoring({ floors: { share: 0.05 }, retrainOn: { driftWindows: null } });
  expect(floors).toMatchObject({ share: 0.05, wasserstein: 0.1 });
  expect(retrainOn).toMatchObject({ driftWindows: null, conceptDrift: true });
});

test.each([
  [24, 'cron(40 0 * * ? *)'],
  [6, 'cron(40 0/6 * * ? *)'],
  [168, 'rate(168 hours)'],
])('windows of %i hours are reported on by %s', (windowHours, expected) => {
  expect(monitorSchedule(fillMonitoring({ windowHours }))).toBe(expected);
});

test.each([
  [{ windowHours: 0 }, 'windows last 0 hours'],
  [{ windowHours: 1.5 }, 'windows last 1.5 hours'],
  [{ falseAlarmsPerYear: 0 }, '0 false alarms'],
  [{ falseAlarmsPerYear: 400 }, '400 false alarms'],
  [{ floors: { share: -1 } }, 'floor share is -1'],
  [{ retrainOn: { driftWindows: 0 } }, 'after 0 drifted windows'],
  [{ retrainOn: { qualityDrop: { metric: 'roc_auc', by: -0.1 } } }, 'drop of -0.1'],
  [{ cooldownHours: -1 }, 'cooldown is -1'],
] as const)('%j contradicts itself', (definition, problem) => {
  expect(findMonitoringProblems(definition)).toEqual([expect.stringContaining(problem)]);
});
