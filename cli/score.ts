import { Command } from 'commander';
import { scoreFile } from '../lifecycle/scoring/score-file.ts';
import { examples, printing } from './command.ts';
import { readWhole, requireWritable } from './local-files.ts';
import { Progress } from './progress.ts';
import { readDelimiter } from './read-option.ts';
import { count } from './text.ts';

interface ScoreOptions {
  readonly model: string;
  readonly data: string;
  readonly delimiter?: string;
  readonly out: string;
}

/** `perennial score`: the probabilities of a file's rows, without any deployment. */
export function scoreCommand(): Command {
  return new Command('score')
    .description('Scores a file by a model file, and writes row, probability and decision as CSV. Needs no cloud.')
    .requiredOption('--model <file>', 'ONNX model that train wrote')
    .requiredOption('--data <file>', 'CSV with a header line, NDJSON or Parquet')
    .option('--delimiter <character>', 'between the fields of the CSV; found in its header by default', readDelimiter)
    .requiredOption('--out <file>', 'where the scores go')
    .addHelpText('after', examples('score --model model.onnx --data clients.csv --out scores.csv'))
    .action(printing(score));
}

async function score({ model, data, delimiter, out }: ScoreOptions): Promise<object> {
  const progress = new Progress();
  const onnx = await readWhole(model);
  await requireWritable(out, [model, data]);
  const { rows, decidedPositive, rule } = await scoreFile({ onnx, file: { path: data, delimiter }, out });
  progress.next('Score', `${count(rows)} rows`);
  const { positive, threshold } = rule;
  return { rows, positive, decided_positive: decidedPositive, threshold, seconds: progress.seconds.Score };
}
