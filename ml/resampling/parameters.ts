import { integerIn, type ParameterRange, type ParameterTable, reviewParameters, share } from '../parameters.ts';

/** Parameters of SMOTE. */
export interface SmoteParameters {
  /** Neighbours that a made-up row may lie towards; fewer where the rarer class has fewer. @default - 5 */
  readonly k?: number;
  /** Rows made up for 100 of the rarer class. @default - 200 */
  readonly percentageOver?: number;
  /** Rows kept of 100 of the commoner class. @default - 100 */
  readonly percentageUnder?: number;
}

/** Parameters of random under- and oversampling. */
export interface RatioParameters {
  /** Rows of the rarer class for one of the commoner; nothing happens where it is reached already. @default - 1 */
  readonly ratio?: number;
}

/** A way to change the share of the rarer class among the rows that a model is fitted on. */
export type Resampling =
  | ({ readonly method: 'smote' } & SmoteParameters)
  /** Drops rows of the commoner class, or repeats rows of the rarer one. */
  | ({ readonly method: 'undersample' | 'oversample' } & RatioParameters);

const percentage = (words: string, low: number, high: number): ParameterRange => ({
  words,
  accepts: value => typeof value === 'number' && value >= low && value <= high,
});

/** SMOTE's parameters: ranges and defaults. */
export const smoteTable: ParameterTable<SmoteParameters, Required<SmoteParameters>> = {
  title: 'SMOTE',
  ranges: {
    k: integerIn(1, 1_000),
    percentageOver: percentage('a number in [0, 100000]', 0, 100_000),
    percentageUnder: percentage('a number in [1, 100]', 1, 100),
  },
  complete: given => ({ k: 5, percentageOver: 200, percentageUnder: 100, ...given }),
};

/** Parameters of random under- and oversampling: ranges and defaults. */
export const ratioTable: ParameterTable<RatioParameters, Required<RatioParameters>> = {
  title: 'random sampling',
  ranges: { ratio: share },
  complete: given => ({ ratio: 1, ...given }),
};

/** The parameters of each method. */
export const resamplingTables: Readonly<Record<Resampling['method'], ParameterTable<object, object>>> = {
  smote: smoteTable,
  undersample: ratioTable,
  oversample: ratioTable,
};

/** Fills in the defaults of a resampling that someone wrote, and finds what is wrong with it: one sentence for each parameter. */
export function reviewResampling(given: unknown): {
  readonly completed: Resampling;
  readonly problems: readonly string[];
} {
  const { method, ...parameters } = (given ?? {}) as { readonly method?: unknown };
  const methods = Object.keys(resamplingTables);
  if (typeof method !== 'string' || !methods.includes(method)) {
    const problem = `resampling is ${JSON.stringify(given)}, expected {"method": ${methods.map(name => `"${name}"`).join(' or ')}, …}`;
    return { completed: given as Resampling, problems: [problem] };
  }
  const { completed, problems } = reviewParameters(resamplingTables[method as Resampling['method']], parameters);
  return {
    completed: { method, ...completed } as Resampling,
    problems: problems.map(problem => `resampling.${problem}`),
  };
}
