import { aggregateFunctions, windowFunctions } from './aggregates.ts';
import { collectionFunctions } from './collections.ts';
import { conditionFunctions } from './conditions.ts';
import { numberFunctions } from './numbers.ts';
import type { Signature } from './signature.ts';
import { stringFunctions } from './strings.ts';
import { timeFunctions } from './times.ts';

/** Other names of the same function. */
const aliases: Readonly<Record<string, string>> = {
  substr: 'substring',
  pow: 'power',
  random: 'rand',
  ceiling: 'ceil',
};

const overloads = Map.groupBy<string, Signature>(
  [
    ...stringFunctions,
    ...numberFunctions,
    ...timeFunctions,
    ...collectionFunctions,
    ...conditionFunctions,
    ...aggregateFunctions,
    ...windowFunctions,
  ],
  ({ name }) => name,
);

/** The overloads of a Trino function; none for a function that does not exist here. */
export function overloadsOf(name: string): readonly Signature[] {
  return overloads.get(aliases[name] ?? name) ?? [];
}
