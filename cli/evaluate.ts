import { Command } from 'commander';
import { evaluateScoresFile } from '../lifecycle/scoring/evaluate-scores.ts';
import { examples, printing } from './command.ts';
import { readDelimiter } from './read-option.ts';

interface EvaluateOptions {
  readonly scores: string;
  readonly data: string;
  readonly delimiter?: string;
  readonly label: string;
  readonly positive: string;
  readonly entity?: string;
}

/** `perennial evaluate`: scores against labels, without any deployment. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description(
      'Holds the scores of a file against its labels: each metric with its 95 % bootstrap interval. Needs no cloud.',
    )
    .requiredOption('--scores <file>', 'CSV with row and probability, and decision if there is one')
    .requiredOption('--data <file>', 'the file that was scored')
    .option('--delimiter <character>', 'between the fields of the data; found in its header by default', readDelimiter)
    .requiredOption('--label <column>', 'column of the data with the label')
    .requiredOption('--positive <value>', 'the value whose probability was scored')
    .option('--entity <column>', 'column of the data that names whom a row is about: intervals draw these, not rows')
    .addHelpText('after', examples('evaluate --scores scores.csv --data clients.csv --label y --positive yes'))
    .action(printing(evaluate));
}

async function evaluate({ scores, data, delimiter, label, positive, entity }: EvaluateOptions): Promise<object> {
  const { unlabelled, unscored, confusion, metrics, ...found } = await evaluateScoresFile({
    scores: { path: scores },
    data: { path: data, delimiter },
    label,
    positive,
    entity,
  });
  const entries = Object.entries(metrics);
  return {
    ...found,
    unlabelled,
    unscored,
    metrics: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
    intervals: Object.fromEntries(entries.map(([name, { low, high }]) => [name, [low, high]])),
    base_rate: Object.fromEntries(entries.map(([name, { baseRate }]) => [name, baseRate])),
    confusion: {
      true_positives: confusion.truePositives,
      false_positives: confusion.falsePositives,
      true_negatives: confusion.trueNegatives,
      false_negatives: confusion.falseNegatives,
    },
  };
}
