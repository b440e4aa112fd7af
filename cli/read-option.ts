import { InvalidArgumentError } from 'commander';

/** Reads a JSON object. @param of what it holds, for the error */
export function readJsonObject(text: string, of: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is no JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidArgumentError(`Expected a JSON object with ${of}.`);
}

/** Reads names with commas between them; an option that is given again adds to them. */
export function readNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(',').map(name => name.trim());
  return [...before, ...names.filter(name => name !== '')];
}

/** Reads the number of a version or release. */
export function readNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a number: 1, 2, 3 …');
  return Number(text);
}

/** Makes a reader of integers in [low, high]. */
export function integerReader(low: number, high: number): (text: string) => number {
  return text => {
    const integer = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isInteger(integer) && integer >= low && integer <= high) return integer;
    throw new InvalidArgumentError(`Expected an integer from ${low} to ${high}.`);
  };
}

/** Makes a reader of numbers in [low, high]. */
export function numberReader(low: number, high: number): (text: string) => number {
  return text => {
    const number = text.trim() === '' ? Number.NaN : Number(text);
    if (number >= low && number <= high) return number;
    throw new InvalidArgumentError(`Expected a number from ${low} to ${high}.`);
  };
}

/** Reads a date, or an instant. */
export function readInstant(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new InvalidArgumentError('Expected ISO 8601, for instance 2026-11-21 or 2026-11-21T12:00Z.');
}

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a duration such as `500ms`, `10s`, `5m`, `2h` or `30d`. @returns milliseconds */
export function readDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (amount === undefined) throw new InvalidArgumentError(`Expected a duration such as 500ms, 10s, 5m, 2h or 30d.`);
  return Number(amount) * unitsMs[unit as keyof typeof unitsMs];
}

/** Reads the character between two fields; a tab may be written `\t`. */
export function readDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if ([...delimiter].length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new InvalidArgumentError('Expected one character, and no quote or line break.');
}
