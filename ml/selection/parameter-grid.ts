import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import { createRandom, type Random, shuffle } from '../random.ts';

/** Values to try for each parameter. */
export type ParameterGrid = Readonly<Record<string, readonly unknown[]>>;

/** One value for each parameter. */
export type Parameters = Readonly<Record<string, unknown>>;

/** A range to draw numbers from. */
export interface ParameterRange {
  /** Lowest and highest number, both included where `whole`. */
  readonly low: number;
  readonly high: number;
  /** Whether logarithms are drawn evenly rather than numbers; needs `low` above 0. @default - 'linear' */
  readonly scale?: 'linear' | 'log';
  /** Whether numbers are whole. @default - false */
  readonly whole?: boolean;
}

/** What to draw each parameter from: a list, or a range. */
export type ParameterSpace = Readonly<Record<string, readonly unknown[] | ParameterRange>>;

/**
 * Every combination of a grid's values, the last parameter varying fastest. No parameter gives one empty combination.
 *
 * @throws {RangeError} when a parameter has no value to try
 */
export function expandGrid(grid: ParameterGrid): Parameters[] {
  return Object.entries(grid).reduce<Parameters[]>(
    (combinations, [name, values]) => {
      if (values.length === 0) throw new RangeError(`Cannot expand the grid: "${name}" has no value to try`);
      return combinations.flatMap(combination => values.map(value => ({ ...combination, [name]: value })));
    },
    [{}],
  );
}

/**
 * Draws combinations at random. Of lists alone none is drawn twice, so that at most all of them come back.
 *
 * @throws {RangeError} when a list or range is empty, or a logarithm is asked for at 0 or below
 */
export function drawCombinations(space: ParameterSpace, count: number, seed: number): Parameters[] {
  if (!(Number.isInteger(count) && count > 0)) throw new RangeError(`count is ${count}, expected 1 or more`);
  const random = createRandom(seed);
  if (isGrid(space)) return shuffle(expandGrid(space), random).slice(0, count);
  const draws = Object.entries(space).map(([name, values]) => [name, drawFrom(name, values)] as const);
  return Array.from({ length: count }, () => Object.fromEntries(draws.map(([name, draw]) => [name, draw(random)])));
}

function isGrid(space: ParameterSpace): space is ParameterGrid {
  return Object.values(space).every(isList);
}

function isList(values: readonly unknown[] | ParameterRange): values is readonly unknown[] {
  return Array.isArray(values);
}

function drawFrom(name: string, values: readonly unknown[] | ParameterRange): (random: Random) => unknown {
  if (isList(values)) {
    if (values.length === 0) throw new RangeError(`Cannot draw "${name}": it has no value to try`);
    return random => values[random.integer(values.length)];
  }
  const { low, high, scale = 'linear', whole = false } = values;
  const lowest = scale === 'log' ? 0 : Number.NEGATIVE_INFINITY;
  if (!(low > lowest && low <= high && high < Number.POSITIVE_INFINITY)) {
    const above = scale === 'log' ? ' above 0' : '';
    throw new RangeError(
      `Cannot draw "${name}" from [${low}, ${high}]: expected finite bounds${above}, the lower first`,
    );
  }
  // A whole number stands for the unit interval around it.
  const [start, end] = whole ? [low - 0.5, high + 0.5] : [low, high];
  const within = (value: number) => Math.min(Math.max(whole ? Math.floor(value + 0.5) : value, low), high);
  if (scale === 'linear') return random => within(start + random.uniform() * (end - start));
  return random => within(exp(log(start) + random.uniform() * (log(end) - log(start))));
}
