import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { bucketPrefixes } from '../contracts/bucket-layout.ts';
import type { ScoreBatchRequest, ScoringResult } from '../contracts/scoring-tasks.ts';
import { listScoringBatches, scoringResultsPrefix } from '../lifecycle/scoring/scoring-batch.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { readWhole } from './local-files.ts';
import { integerReader } from './read-option.ts';
import { runMachine } from './run-machine.ts';
import { count } from './text.ts';
import { requireUseCase } from './use-case.ts';

interface ScoreBatchOptions {
  readonly fromSeq?: number;
  readonly toSeq?: number;
  readonly file?: string;
  readonly wait: boolean;
}

/** `perennial score-batch`: many rows at once, by the champion. */
export function scoreBatchCommand(): Command {
  const batch = () => integerReader(1, Number.MAX_SAFE_INTEGER);
  return new Command('score-batch')
    .description('Scores the observations that the champion has not scored yet, or a file, into the table of scores.')
    .argument('<useCase>', 'id of the use case')
    .option('--from-seq <batch>', 'only observations from this batch on', batch())
    .option('--to-seq <batch>', 'only observations up to this batch', batch())
    .option('--file <file>', 'CSV, NDJSON or Parquet: a file of this machine, or a key below scoring/<useCase>/')
    .option('--no-wait', 'do not wait for the end')
    .addHelpText(
      'after',
      examples(
        'score-batch bank-marketing',
        'score-batch bank-marketing --from-seq 3 --to-seq 5',
        'score-batch bank-marketing --file clients.csv --json',
      ),
    )
    .action(answering(scoreBatch));
}

async function scoreBatch(deployment: Deployment, options: ScoreBatchOptions, useCase: string): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  const { fromSeq: from, toSeq: to, wait } = options;
  const file = options.file && (await upload(deployment, useCase, options.file));
  const input: ScoreBatchRequest = { useCase, from, to, file };
  const run = runMachine<ScoringResult>(deployment, { machine: 'score-batch', input, wait, describe });
  await tellParts(deployment, useCase, run);
  return run;
}

/** A file of this machine goes where the functions may read it. @throws {FileAccessError} */
async function upload({ objects }: Deployment, useCase: string, file: string): Promise<string> {
  const folder = `${bucketPrefixes.scoring}${useCase}/`;
  if (file.startsWith(folder)) return file;
  const key = `${folder}${basename(file)}`;
  await objects.write(key, await readWhole(file));
  return key;
}

/** Says how many parts are scored, as long as it runs. */
async function tellParts({ registry, objects, pollMs }: Deployment, useCase: string, run: Promise<unknown>) {
  let isOver = false;
  // Who waits for the run itself is told of its failure.
  const over = run
    .catch(() => {})
    .then(() => {
      isOver = true;
    });
  for (let told = 0; !isOver; ) {
    const [batch] = await listScoringBatches(registry, useCase, 1);
    if (batch?.status === 'planned') {
      const done = (await objects.list(scoringResultsPrefix(useCase, batch.number))).length;
      if (done > told) process.stderr.write(`Batch ${batch.number}: ${done} of ${batch.parts} parts are scored\n`);
      told = Math.max(told, done);
    }
    await Promise.race([over, sleep(pollMs * 5)]);
  }
}

function describe({ batch, decidedPositive, rejected, reason }: ScoringResult): string {
  if (batch === null) return `Nothing to do: ${reason}`;
  const left = rejected > 0 ? `; ${count(rejected)} rows could not be read` : '';
  return `Batch ${batch}: ${reason}, ${count(decidedPositive)} decided positive${left}`;
}
