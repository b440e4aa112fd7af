import { newestWindow, windowsBefore } from '../../../lifecycle/monitoring/window.ts';
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

test('windows of six hours are told apart by the hour', () => {
  const useCase = { ...minimalUseCase, monitoring: fillMonitoring({ windowHours: 6 }) };
  expect(newestWindow(useCase, '2026-06-15T07:00:00.000Z').id).toBe('2026-06-15T06');
});
