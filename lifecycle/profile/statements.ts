import { columnOf, sourceAlias, sqlDouble } from './cells.ts';

/** Statements on the rows of a SELECT of observations, each of which reads them once. */

/** Quantiles that are summarized. */
export const quantileShares = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

/** A number feature as a double. */
export function numberExpression(name: string): string {
  return `CAST(${columnOf(name)} AS double)`;
}

/** One row: how many observations and positives there are, of each feature how many are not missing, of each number its moments and quantiles. */
export function overviewStatement(source: string, features: readonly string[], numbers: readonly string[]): string {
  const shares = quantileShares.map(sqlDouble).join(', ');
  return `SELECT count(*) AS found, sum(label) AS positives, ${[
    ...features.map((name, i) => `count(${columnOf(name)}) AS present_${i}`),
    ...numbers.flatMap((name, i) => {
      const value = numberExpression(name);
      return [
        ...[`min(${value}) AS minimum_${i}`, `max(${value}) AS maximum_${i}`, `avg(${value}) AS mean_${i}`],
        ...[
          `stddev_pop(${value}) AS deviation_${i}`,
          `approx_percentile(${value}, ARRAY[${shares}]) AS quantiles_${i}`,
        ],
      ];
    }),
  ].join(', ')} FROM ${from(source)}`;
}

/** Rows and positives by feature and cell; a NULL cell is that of missing values. */
export function cellsStatement(source: string, cells: readonly string[]): string {
  return `SELECT item, cell, count(*) AS found, sum(label) AS positives
FROM (SELECT items.item, ${sourceAlias}.label, ${choose(cells)} AS cell FROM ${forEach(source, cells.length)}) cells
GROUP BY item, cell`;
}

/** Of each number, pairs of a positive and a negative, and among them those where the positive has more; equal values count half. */
export function ranksStatement(source: string, numbers: readonly string[]): string {
  return `SELECT item, sum(CAST(positives AS double) * (CAST(below AS double) + CAST(negatives AS double) / 2E0)) AS won,
  CAST(sum(positives) AS double) * CAST(sum(negatives) AS double) AS pairs
FROM (
  SELECT item, positives, negatives,
    sum(negatives) OVER (PARTITION BY item ORDER BY value ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - negatives AS below
  FROM (
    SELECT item, value, sum(label) AS positives, count(*) - sum(label) AS negatives
    FROM (SELECT items.item, ${sourceAlias}.label, ${choose(numbers)} AS value FROM ${forEach(source, numbers.length)}) chosen
    WHERE value IS NOT NULL GROUP BY item, value
  ) grouped
) ranked
GROUP BY item`;
}

/** One row: correlations of every two numbers, by their places; the last is the label. */
export function correlationsStatement(source: string, numbers: readonly string[]): string {
  const values = [...numbers.map(numberExpression), 'CAST(label AS double)'];
  const pairs = values.flatMap((left, i) =>
    values.slice(0, i).map((right, j) => `corr(${left}, ${right}) AS c_${j}_${i}`),
  );
  return `SELECT ${pairs.join(', ')} FROM ${from(source)}`;
}

/** By category and cell: of each number how many values there are, and the sum of their distances from the number's mean. */
export function groupSumsStatement(
  source: string,
  categories: readonly string[],
  numbers: readonly { readonly name: string; readonly mean: number }[],
): string {
  const sums = numbers.flatMap(({ mean }, i) => [
    `count(value_${i}) AS count_${i}`,
    `sum(value_${i} - ${sqlDouble(mean)}) AS sum_${i}`,
  ]);
  const values = numbers.map(({ name }, i) => `${numberExpression(name)} AS value_${i}`).join(', ');
  return `SELECT item, cell, ${sums.join(', ')}
FROM (SELECT items.item, ${values}, ${choose(categories)} AS cell FROM ${forEach(source, categories.length)}) cells
GROUP BY item, cell`;
}

/** Rows by pair of categories and their cells. */
export function contingencyStatement(source: string, pairs: readonly (readonly [string, string])[]): string {
  const sides = [0, 1].map(side => choose(pairs.map(pair => pair[side]!)));
  return `SELECT item, left_cell, right_cell, count(*) AS found
FROM (SELECT items.item, ${sides[0]} AS left_cell, ${sides[1]} AS right_cell FROM ${forEach(source, pairs.length)}) cells
GROUP BY item, left_cell, right_cell`;
}

/** Each row as often as there are things to look at, numbered from 0: the table is read once for all of them. */
function forEach(source: string, count: number): string {
  return `${from(source)} CROSS JOIN UNNEST(sequence(0, ${count - 1})) AS items (item)`;
}

function choose(expressions: readonly string[]): string {
  return `CASE items.item ${expressions.map((sql, i) => `WHEN ${i} THEN ${sql}`).join(' ')} END`;
}

function from(source: string): string {
  return `(${source}) ${sourceAlias}`;
}
