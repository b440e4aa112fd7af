import { Command } from 'commander';
import { listVersions, type Version } from '../lifecycle/registry/versions.ts';
import { type LedgerEntry, readLedger } from '../lifecycle/release/ledger.ts';
import { findDecision, versionStatus } from '../lifecycle/release/version-status.ts';
import type { Evaluation } from '../lifecycle/training/evaluation.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial versions`: the registered models. */
export function versionsCommand(): Command {
  return new Command('versions')
    .description('Lists the registered versions, newest first, with their metrics on the holdout.')
    .argument('<useCase>', 'id of the use case')
    .addHelpText('after', examples('versions bank-marketing', 'versions bank-marketing --json'))
    .action(answering(versions));
}

async function versions({ registry, useCases }: Deployment, _: object, useCase: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const [found, ledger] = await Promise.all([listVersions(registry, useCase), readLedger(registry, useCase)]);
  const data = found.map(version => ({
    ...version,
    status: versionStatus(ledger, version.version),
    decision: findDecision(ledger, version.version) ?? null,
  }));
  return { data, text: found.length > 0 ? describe(found, ledger) : `"${useCase}" has no version yet` };
}

function describe(versions: readonly Version[], ledger: readonly LedgerEntry[]): string {
  return table(
    ['version', 'status', 'registered (UTC)', 'rows', 'roc_auc', 'average_precision', 'log_loss', 'threshold', 'run'],
    versions.map(version => [
      version.version,
      versionStatus(ledger, version.version),
      minute(version.createdAt),
      version.tags.row_count,
      figure(version, 'roc_auc'),
      figure(version, 'average_precision'),
      figure(version, 'log_loss'),
      version.threshold.toFixed(3),
      version.runId?.slice(0, 12) ?? null,
    ]),
  );
}

function figure({ metrics }: Version, name: keyof NonNullable<Evaluation['metrics']>): string | null {
  const metric = metrics.holdout.metrics?.[name];
  return metric ? `${metric.value.toFixed(3)} (${metric.low.toFixed(3)}–${metric.high.toFixed(3)})` : null;
}
