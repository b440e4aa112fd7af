import { newestWindow, windowsAfter, windowsBefore } from '../../../lifecycle/monitoring/window.ts';
import { fillMonitoring } from '../../../use-cases/monitoring-policy.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';

test('the newest window ends where all is archived, and begins where the one before ended', () => {
  const window = newestWindow(minimalUseCase, '2026-06-15T07:00:00.000Z');
  expect(window).toEqual({
    id: '2026-06-15T00',
    recent: { from: '2026-06-14T00:00:00.000Z', to: '2026-06-15T00:00:00.000Z' },
    mature: { from: '2026-06-04T00:00:00.000Z', to: '2026-06-05T00:00:00.000Z' },
  });
  expect(windowsBefore(minimalUseCase, window, 2)).toEqual(['2026-06-14T00', '2026-06-13T00']);
});

test('the windows after an instant are those that end after it, the newest of too many', () => {
  const last = newestWindow(minimalUseCase, '2026-06-15T07:00:00.000Z');
  const after = (since: string, most = 9) => windowsAfter(minimalUseCase, since, last, most).map(({ id }) => id);
  expect(after('2026-06-15T00:00:00.000Z')).toEqual([]);
  expect(after('2026-06-16T00:00:00.000Z')).toEqual([]);
  expect(after('2026-06-13T00:00:00.000Z')).toEqual(['2026-06-14T00', '2026-06-15T00']);
  expect(after('2026-06-12T23:00:00.000Z')).toEqual(['2026-06-13T00', '2026-06-14T00', '2026-06-15T00']);
  expect(after('2026-06-01T00:00:00.000Z', 2)).toEqual(['2026-06-14T00', '2026-06-15T00']);
  expect(windowsAfter(minimalUseCase, '2026-06-14T00:00:00.000Z', last, 9)).toEqual([last]);
});

test('windows of six hours are told apart by the hour', () => {
  const useCase = { ...minimalUseCase, monitoring: fillMonitoring({ windowHours: 6 }) };
  expect(newestWindow(useCase, '2026-06-15T07:00:00.000Z').id).toBe('2026-06-15T06');
});
