/** What one parameter of an algorithm may be. */
export interface ParameterRange {
  /** Ends a sentence that begins with "expected". */
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
}

/** The parameters of an algorithm: what each may be, and what it is when it is left out. */
export interface ParameterTable<Given extends object, Complete extends Given> {
  /** The algorithm, as messages name it. */
  readonly title: string;
  readonly ranges: Readonly<Record<keyof Complete & string, ParameterRange>>;
  /** Fills in the defaults. */
  readonly complete: (given: Given) => Complete;
}

/** Thrown when parameters are unknown or out of range; lists all of them. */
export class InvalidParametersError extends RangeError {
  override readonly name = 'InvalidParametersError';
  /** One sentence each: the parameter, its value and what is accepted. */
  readonly problems: readonly string[];

  constructor(title: string, problems: readonly string[]) {
    super(`Cannot fit ${title}: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * Checks an algorithm's parameters and fills in the defaults.
 *
 * @param given of any origin; a candidate's `algorithm` and a resampling's `method` are passed over, and what is undefined counts as left out
 * @throws {InvalidParametersError} naming every parameter that is unknown or out of range
 */
export function checkParameters<Given extends object, Complete extends Given>(
  table: ParameterTable<Given, Complete>,
  given: Given,
): Complete {
  const { completed, problems } = reviewParameters(table, given);
  if (problems.length > 0) throw new InvalidParametersError(table.title, problems);
  return completed;
}

/** Fills in the defaults, and finds what is wrong: one sentence for each parameter that is unknown or out of range. */
export function reviewParameters<Given extends object, Complete extends Given>(
  { title, ranges, complete }: ParameterTable<Given, Complete>,
  given: Given,
): { readonly completed: Complete; readonly problems: readonly string[] } {
  const entries = Object.entries(given).filter(
    ([name, value]) => name !== 'algorithm' && name !== 'method' && value !== undefined,
  );
  const names = Object.keys(ranges) as (keyof Complete & string)[];
  const completed = complete(Object.fromEntries(entries) as Given);
  const problems = [
    ...entries
      .filter(([name]) => !Object.hasOwn(ranges, name))
      .map(([name]) => `${name} is no parameter of ${title}, expected ${names.join(', ')}`),
    ...names
      .filter(name => !ranges[name].accepts(completed[name]))
      .map(name => `${name} is ${write(completed[name])}, expected ${ranges[name].words}`),
  ];
  return { completed, problems };
}

function write(value: unknown): string {
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** An integer in [low, high]. */
export function integerIn(low: number, high: number): ParameterRange {
  return {
    words: `an integer in [${low}, ${high}]`,
    accepts: value => Number.isInteger(value) && isIn(value, low, high),
  };
}

/** One of a few words. */
export function oneOf(...accepted: readonly string[]): ParameterRange {
  return { words: accepted.join(' or '), accepts: value => accepted.includes(value as string) };
}

/** What any of the ranges accepts. */
export function anyOf(...ranges: readonly ParameterRange[]): ParameterRange {
  return {
    words: ranges.map(({ words }) => words).join(', or '),
    accepts: value => ranges.some(({ accepts }) => accepts(value)),
  };
}

/** A parameter that has no default and may be left out. */
export function optional({ words, accepts }: ParameterRange): ParameterRange {
  return { words, accepts: value => value === undefined || accepts(value) };
}

/** A part of a whole that may not be nothing. */
export const share: ParameterRange = {
  words: 'a number above 0, at most 1',
  accepts: value => isIn(value, 0, 1) && value !== 0,
};

/** The strength of a penalty, or another finite amount. */
export const penalty: ParameterRange = {
  words: 'a finite number, 0 or above',
  accepts: value => isIn(value, 0, Number.MAX_VALUE),
};

/** A finite amount that may not be nothing. */
export const positive: ParameterRange = {
  words: 'a finite number above 0',
  accepts: value => isIn(value, 0, Number.MAX_VALUE) && value !== 0,
};

function isIn(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}
