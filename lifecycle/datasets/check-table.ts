import { closestName } from '../inference/closest-name.ts';
import type { ColumnRoles, InferredTable } from './infer-columns.ts';

/** What is asked of a file that shall train a model. */
export interface TableDemand extends ColumnRoles {
  /** The label's value that the model gives the probability of. */
  readonly positive: string;
  readonly folds: number;
}

/** Thrown when no model can be trained on a file as asked; lists everything that is wrong. */
export class UnsuitableTableError extends Error {
  override readonly name = 'UnsuitableTableError';
  readonly problems: readonly string[];

  constructor(path: string, problems: readonly string[]) {
    super(`Cannot train on "${path}":\n${problems.map(problem => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Says everything that keeps a model from being trained on a file. */
export function findTableProblems(table: InferredTable, demand: TableDemand): string[] {
  if (table.names.length === 0) return ['it is empty'];
  return [
    ...findUnknownColumns(table.names, demand),
    ...(table.names.includes(demand.label) ? findLabelProblems(table.labels, demand) : []),
    ...findColumnProblems(table),
  ];
}

function findUnknownColumns(
  names: readonly string[],
  { label, exclude, categorical, entity = label }: ColumnRoles,
): string[] {
  const asked = new Set([label, entity, ...exclude, ...categorical]);
  return [...asked]
    .filter(name => !names.includes(name))
    .map(name => {
      const meant = closestName(name, names);
      return `there is no column "${name}": the file has ${quote(names)}${meant ? `; did you mean "${meant}"?` : ''}`;
    });
}

function findLabelProblems(labels: ReadonlyMap<string, number>, { label, positive, folds }: TableDemand): string[] {
  const known = new Map([...labels].filter(([value]) => value !== ''));
  const values = [...known.keys()];
  if (labels.size === 0) return ['it has no row below its header'];
  if (values.length === 0) return [`label "${label}" is blank in every row, expected two values`];
  if (values.length === 1) return [`label "${label}" has one value, "${values[0]}", in all rows, expected two`];
  if (values.length > 2) {
    const more = values.length > 5 ? ', …' : '';
    return [`label "${label}" has more than two values: ${quote(values.slice(0, 5))}${more}`];
  }
  const rows = [...known.values()].reduce((sum, count) => sum + count, 0);
  if (rows < folds) return [`there are ${rows} rows with a label, fewer than the ${folds} folds`];
  if (!known.has(positive)) return [`label "${label}" is never "${positive}", its values are ${quote(values)}`];
  const rare = [...known].filter(([, count]) => count < folds);
  return rare.map(
    ([value, count]) =>
      `label "${label}" has too few "${value}": ${count}, expected ${folds} or more, one for each fold`,
  );
}

function findColumnProblems({ columns, labels }: InferredTable): string[] {
  const rows = [...labels].reduce((sum, [value, count]) => sum + (value === '' ? 0 : count), 0);
  // Without a label in any row, nothing was looked at.
  if (rows === 0) return [];
  const named = columns.filter(({ name }) => name !== '');
  return named.flatMap(({ name, missing, constant, hugeRow }) => {
    if (missing === rows) return [`column "${name}" is blank in every row: leave it out by --exclude`];
    if (constant !== undefined) {
      return [`column "${name}" is constant, "${constant}" in every row: leave it out by --exclude`];
    }
    if (hugeRow !== undefined) return [`column "${name}" has a number in row ${hugeRow} that no float32 can hold`];
    if (outputNames.includes(name)) return [`column "${name}" has the name of a model's output: rename it`];
    return [];
  });
}

/** Names of what an exported model answers. */
const outputNames: readonly string[] = ['label', 'probabilities'];

function quote(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ');
}
