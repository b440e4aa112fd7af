import { Command } from 'commander';
import { type Batch, readLatestBatch } from '../lifecycle/datasets/batch.ts';
import { type Conclusion, listConclusions } from '../lifecycle/registry/execution.ts';
import { type LedgerEntry, readLatestEntry } from '../lifecycle/release/ledger.ts';
import { type Release, readRelease } from '../lifecycle/release/releases.ts';
import type { ExecutionDetail } from '../platform/workflows.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeRelease } from './describe-release.ts';
import { listExecutions } from './list-executions.ts';
import { count, minute } from './text.ts';
import { requireUseCase } from './use-case.ts';

interface UseCaseStatus {
  readonly useCase: string;
  readonly entry: LedgerEntry | null;
  /** The release that runs. */
  readonly release: Release | null;
  readonly batch: Batch | null;
  readonly conclusion: Conclusion | null;
  readonly running: readonly ExecutionDetail[];
}

/** `perennial status`: what answers, what was ingested, what runs. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Says which versions answer, what was ingested last, what the lifecycle concluded and what runs now.')
    .argument('[useCase]', 'id of the use case; without it, all of them')
    .addHelpText('after', examples('status', 'status bank-marketing --json', 'status --stack Perennial'))
    .action(answering(status));
}

async function status(deployment: Deployment, _: object, useCase?: string): Promise<Answer> {
  const { endpoint, useCases, clock } = deployment;
  if (useCase !== undefined) requireUseCase(useCase, useCases);
  const found = await Promise.all((useCase === undefined ? useCases : [useCase]).map(id => readStatus(deployment, id)));
  const data = { endpoint, useCases: found };
  const now = clock.now();
  return { data, text: [`Endpoint  ${endpoint}`, ...found.map(one => describe(one, now))].join('\n\n') };
}

async function readStatus({ registry, workflows }: Deployment, useCase: string): Promise<UseCaseStatus> {
  const [entry, batch, [conclusion], running] = await Promise.all([
    readLatestEntry(registry, useCase),
    readLatestBatch(registry, useCase),
    listConclusions(registry, useCase, 1),
    listExecutions(workflows, useCase, { limit: 10, isRunning: true }),
  ]);
  const release = entry?.running == null ? null : await readRelease(registry, useCase, entry.running);
  return { useCase, entry: entry ?? null, release, batch: batch ?? null, conclusion: conclusion ?? null, running };
}

function describe({ useCase, entry, release, batch, conclusion, running }: UseCaseStatus, now: Date): string {
  const lines = [
    ['Answers', entry?.routing ? describeRouting(entry.routing) : 'no version yet'],
    ...(release ? [['Release', describeRelease(release, now)]] : []),
    ['Newest batch', batch ? describeBatch(batch) : 'none yet'],
    ['Concluded', conclusion ? describeConclusion(conclusion) : 'nothing yet'],
    ['Runs now', running.map(({ name, startedAt }) => `${name} since ${minute(startedAt)}`).join(', ') || 'nothing'],
  ];
  return [useCase, ...lines.map(([label, value]) => `  ${label!.padEnd(13)} ${value}`)].join('\n');
}

function describeRouting({ variants }: NonNullable<LedgerEntry['routing']>): string {
  return variants
    .map(({ name, version, share, threshold }) => {
      const part = share === 1 ? '' : ` for ${(share * 100).toFixed(1)} % as ${name}`;
      return `version ${version}${part}, positive from ${threshold.toFixed(3)} on`;
    })
    .join('; ');
}

function describeBatch({ number, status, plannedAt, counts, refusal }: Batch): string {
  const { rows, expected, duplicates, rejected, conflicts } = counts;
  const parts = [
    `${count(expected)} new`,
    `${count(duplicates)} known`,
    `${count(rejected + conflicts)} in quarantine`,
  ];
  const figures = refusal ?? `${count(rows)} rows: ${parts.join(', ')}`;
  return `${number}, ${status}, ${minute(plannedAt)}; ${figures}`;
}

function describeConclusion({ outcome, version, concludedAt, reason, error }: Conclusion): string {
  const what = version === null ? outcome : `${outcome} version ${version}`;
  return `${what}, ${minute(concludedAt)}; ${error ? `${error.name}: ` : ''}${reason}`;
}
