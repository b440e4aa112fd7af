import { type Signature, sameAsFirst, signatures } from './signature.ts';

/** Functions that choose among values of one type. */
export const conditionFunctions: readonly Signature[] = [
  ...signatures(undefined, [['nullif', ['T', 'T'], sameAsFirst, 'nullif($1, $2)']]),
  { name: 'coalesce', parameters: ['T', 'T'], variadic: true, returns: sameAsFirst, sql: 'coalesce($*)' },
  // In Trino a NULL among the arguments makes the answer NULL; DuckDB skips it.
  { name: 'greatest', parameters: ['T'], variadic: true, returns: sameAsFirst, sql: args => ofAll('greatest', args) },
  { name: 'least', parameters: ['T'], variadic: true, returns: sameAsFirst, sql: args => ofAll('least', args) },
];

function ofAll(name: string, args: readonly string[]): string {
  return `CASE WHEN ${args.map(arg => `${arg} IS NULL`).join(' OR ')} THEN NULL ELSE ${name}(${args.join(', ')}) END`;
}
