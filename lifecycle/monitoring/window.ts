import type { UseCase } from '../../use-cases/define-use-case.ts';

/** What a report looks at: two windows of equal length. */
export interface MonitorWindow {
  /** Its end in UTC, to the hour: `2026-11-21T00`. */
  readonly id: string;
  /** ISO instants `[from, to)` of the predictions that are compared with the reference. */
  readonly recent: TimeSpan;
  /** The same, a label delay earlier: predictions whose outcomes are final. */
  readonly mature: TimeSpan;
}

/** ISO instants, half open: `[from, to)`. */
export interface TimeSpan {
  readonly from: string;
  readonly to: string;
}

const hourMs = 3_600_000;

/** The newest window that is over by an ISO instant, before which all is archived. */
export function newestWindow(useCase: UseCase, through: string): MonitorWindow {
  const length = useCase.monitoring.windowHours * hourMs;
  return windowEndingAt(useCase, Math.floor(Date.parse(through) / length) * length);
}

/** The windows that end after an ISO instant, up to one of them, oldest first. Of more than `most`, the newest. */
export function windowsAfter(useCase: UseCase, since: string, last: MonitorWindow, most: number): MonitorWindow[] {
  const length = useCase.monitoring.windowHours * hourMs;
  const to = Date.parse(last.recent.to);
  const count = Math.min(most, Math.max(0, Math.ceil((to - Date.parse(since)) / length)));
  return Array.from({ length: count }, (_, i) => windowEndingAt(useCase, to - (count - 1 - i) * length));
}

function windowEndingAt({ monitoring, label }: UseCase, to: number): MonitorWindow {
  const length = monitoring.windowHours * hourMs;
  const delay = label.delayDays * 24 * hourMs;
  return { id: windowId(to), recent: span(to - length, to), mature: span(to - delay - length, to - delay) };
}

/** Ids of the windows before one, newest first. */
export function windowsBefore(
  { monitoring }: UseCase,
  { recent }: Pick<MonitorWindow, 'recent'>,
  count: number,
): string[] {
  const length = monitoring.windowHours * hourMs;
  return Array.from({ length: count }, (_, i) => windowId(Date.parse(recent.to) - (i + 1) * length));
}

function windowId(to: number): string {
  return new Date(to).toISOString().slice(0, 'yyyy-mm-ddThh'.length);
}

function span(from: number, to: number): TimeSpan {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
