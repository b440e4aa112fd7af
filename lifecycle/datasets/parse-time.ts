const isoTime = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
const firstTime = Date.UTC(1970, 0, 1);
const lastTime = Date.UTC(2200, 0, 1);

/** What a time has to be, for messages. */
export const timeWords = 'an ISO 8601 date or time from 1970 to 2199';

/** Epoch milliseconds of a time, or NaN for anything else than `timeWords`. A time without a zone is in UTC. */
export function parseTime(value: unknown): number {
  const time = value instanceof Date ? value.getTime() : parseText(typeof value === 'string' ? value.trim() : '');
  return time >= firstTime && time < lastTime ? time : Number.NaN;
}

function parseText(text: string): number {
  const [, date, time = '00:00', zone = 'Z'] = isoTime.exec(text) ?? [];
  if (!date) return Number.NaN;
  const parsed = Date.parse(`${date}T${time}${zone}`);
  // Date.parse takes 31 February for 3 March.
  return new Date(Date.parse(`${date}T00:00Z`)).toISOString().startsWith(date) ? parsed : Number.NaN;
}
