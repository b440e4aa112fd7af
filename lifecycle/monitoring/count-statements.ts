import type { Athena } from '../../platform/athena.ts';

/** Counts the statements that are run, as each has its price. */
export function countStatements(athena: Athena): { athena: Athena; count: () => number } {
  let statements = 0;
  return {
    count: () => statements,
    athena: {
      ...athena,
      query(sql, options) {
        statements += 1;
        return athena.query(sql, options);
      },
    },
  };
}
