import { Command } from 'commander';
import { type LedgerEntry, type Routing, readEntryAt, readLedger } from '../lifecycle/release/ledger.ts';
import { nameStep } from '../lifecycle/release/name-step.ts';
import type { Table } from '../platform/table.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { readInstant } from './read-option.ts';
import { minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial ledger`: what was live when, who put it there, and why. */
export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('Tells every routing decision, newest first: what was live, who decided, and why.')
    .argument('<useCase>', 'id of the use case')
    .option('--at <instant>', 'only the entry that held then, as ISO 8601', readInstant)
    .addHelpText('after', examples('ledger bank-marketing', 'ledger bank-marketing --at 2026-11-21T12:00Z --json'))
    .action(answering(ledger));
}

async function ledger(
  { registry, useCases }: Deployment,
  { at }: { readonly at?: Date },
  useCase: string,
): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const found = at ? await readThen(registry, useCase, at) : await readLedger(registry, useCase);
  if (found.length > 0) return { data: found, text: describe(found) };
  return { data: found, text: `Nothing was ever routed of "${useCase}"${at ? ` by ${at.toISOString()}` : ''}` };
}

async function readThen(registry: Table, useCase: string, at: Date): Promise<LedgerEntry[]> {
  const entry = await readEntryAt(registry, useCase, at);
  return entry ? [entry] : [];
}

function describe(entries: readonly LedgerEntry[]): string {
  return table(
    ['entry', 'at (UTC)', 'decision', 'version', 'release', 'live from then on', 'by', 'why'],
    entries.map(({ entry, at, decision, version, release, routing, by, reason }) => [
      ...[entry, minute(at), decision, version, release],
      ...[describeRouting(routing), by.slice(by.lastIndexOf(':') + 1), reason],
    ]),
  );
}

function describeRouting(routing: Routing | null): string {
  if (!routing) return 'nothing';
  const variants = routing.variants.map(({ version, share }) =>
    share === 1 ? `v${version}` : `v${version} ${nameStep(share)}`,
  );
  return [...variants, ...(routing.shadow ? [`v${routing.shadow.version} shadow`] : [])].join(', ');
}
