import { join } from 'node:path';
import { Command } from 'commander';
import { eventsFile } from '../contracts/events.ts';
import { examples, type GlobalOptions } from './command.ts';
import { connectDeployment } from './deployment.ts';
import { describeEvent } from './describe-event.ts';
import { readEvents } from './read-events.ts';
import { integerReader } from './read-option.ts';
import { requireUseCase } from './use-case.ts';

interface EventsOptions extends GlobalOptions {
  readonly follow?: true;
  readonly limit: number;
}

/** Thrown when events are asked for where nobody keeps them. */
export class EventsNotKeptError extends Error {
  override readonly name = 'EventsNotKeptError';

  constructor(stack: string) {
    super(
      `Cannot list the events of stack "${stack}": an event bus hands them on and keeps none. Give it a rule with a target of yours; "perennial ledger" and "perennial reports" tell what was decided`,
    );
  }
}

/** `perennial events`: what happens, as it happens. */
export function eventsCommand(): Command {
  return new Command('events')
    .description('Tells what the embedded cloud put on its event bus, oldest first, and goes on with --follow.')
    .argument('[useCase]', 'id of the use case (default: all)')
    .option('--follow', 'go on telling until Ctrl-C')
    .option('--limit <number>', 'the newest so many', integerReader(1, 100_000), 50)
    .addHelpText(
      'after',
      `
With --json, each event is a line of JSON, as the target of a rule gets it.
${examples('events', 'events bank-marketing --follow', 'events --follow --json | jq .detail')}`,
    )
    .action(events);
}

async function events(useCase: string | undefined, _: object, command: Command): Promise<void> {
  const { stack, state, json, follow, limit } = command.optsWithGlobals<EventsOptions>();
  if (stack !== undefined) throw new EventsNotKeptError(stack);
  const { useCases, pollMs } = await connectDeployment({ state });
  if (useCase !== undefined) requireUseCase(useCase, useCases);
  const signal = follow ? new AbortController().signal : AbortSignal.abort();
  for await (const found of readEvents(join(state, eventsFile), { signal, pollMs })) {
    const wanted = found.filter(({ detail }) => useCase === undefined || detail.useCase === useCase).slice(-limit);
    for (const event of wanted) console.log(json ? JSON.stringify(event) : describeEvent(event));
    if (wanted.length === 0 && !follow && !json) console.log('Nothing has happened yet');
  }
}
