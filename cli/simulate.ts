import { Command } from 'commander';
import { driftPopulation } from '../lifecycle/simulation/drift-population.ts';
import { moveConcept } from '../lifecycle/simulation/move-concept.ts';
import { readDrift } from '../lifecycle/simulation/read-drift.ts';
import { type Simulation, type SimulationProgress, simulate } from '../lifecycle/simulation/simulate.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { keyOption, readAccessKey } from './access-key.ts';
import { type Answer, answering, examples, type GlobalOptions } from './command.ts';
import type { Deployment } from './deployment.ts';
import { connectEndpoint } from './endpoint-client.ts';
import { integerReader, numberReader, readDuration } from './read-option.ts';
import { count } from './text.ts';
import { requireUseCase } from './use-case.ts';

interface SimulateOptions {
  readonly requests: number;
  readonly rate?: number;
  readonly drift: string;
  readonly concept: number;
  readonly labelDelay: number;
  readonly labelCoverage: number;
  readonly seed: number;
  readonly key?: string;
}

/** `perennial simulate`: clients who ask for predictions, and whose outcomes come in later. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Lets clients drawn from the use case’s own source ask the endpoint, and tells their outcomes later.')
    .argument('<useCase>', 'id of the use case')
    .option('--requests <n>', 'clients, each with one request', integerReader(1, 1_000_000), 1_000)
    .option('--rate <n>', 'requests a second (default: as fast as they are answered)', numberReader(0.01, 10_000))
    .option('--drift <changes>', 'how features change: FEATURE=+1sd, =-500, =*2 or =LEVEL→LEVEL, joined by commas', '')
    .option('--concept <share>', 'share of the clients who turn out by another law, 0 to 1', numberReader(0, 1), 0)
    .option('--label-delay <time>', 'from a prediction to its outcome: 500ms, 10s, 5m, 2h, 30d', readDuration, 0)
    .option('--label-coverage <share>', 'share of the outcomes that are told, 0 to 1', numberReader(0, 1), 1)
    .option('--seed <n>', 'decides clients and outcomes', integerReader(0, Number.MAX_SAFE_INTEGER), 1)
    .addOption(keyOption())
    .addHelpText(
      'after',
      examples(
        'simulate bank-marketing --requests 1000',
        'simulate bank-marketing --drift balance=+1sd,job=student→retired --rate 20',
        'simulate telco-churn --concept 0.3 --label-delay 10s --label-coverage 0.8 --json',
      ),
    )
    .action(answering(run));
}

async function run(
  { endpoint, useCases, clock }: Deployment,
  options: SimulateOptions & GlobalOptions,
  id: string,
): Promise<Answer> {
  requireUseCase(id, useCases);
  const useCase = await loadUseCase(id, useCases);
  const { features, source } = useCase;
  const drifts = readDrift(useCase, options.drift);
  const population = driftPopulation(moveConcept(source.synthetic, features, options.concept), features, drifts);
  const simulation = await simulate({
    ...options,
    endpoint: connectEndpoint(endpoint, await readAccessKey(options)),
    clock,
    useCase,
    population,
    labelDelayMs: options.labelDelay,
    onProgress: progressTeller(options.requests),
  });
  if (process.stderr.isTTY) process.stderr.write('\x1b[2K');
  return { data: simulation, text: describe(simulation), failed: simulation.answered === 0 };
}

/** Tells at most once a second; on a terminal in one line. */
function progressTeller(requests: number): (progress: SimulationProgress) => void {
  let told = performance.now();
  return ({ answered, failed, outcomes }) => {
    if (performance.now() - told < 1_000) return;
    told = performance.now();
    const failures = failed > 0 ? `, ${count(failed)} failed` : '';
    const line = `${count(answered)} of ${count(requests)} answered${failures}, ${count(outcomes)} outcomes told`;
    process.stderr.write(process.stderr.isTTY ? `\x1b[2K${line}\r` : `${line}\n`);
  };
}

function describe(simulation: Simulation): string {
  const { requests, answered, failure, seconds, outcomes } = simulation;
  const lines = [
    ['Answered', `${count(answered)} of ${count(requests)} in ${seconds.toFixed(1)} s${failure ? `: ${failure}` : ''}`],
    ['By version', shares(simulation.versions, answered)],
    ['By variant', shares(simulation.variants, answered)],
    ['Unseen levels', `${count(simulation.unseen)} answers`],
    ['Mean probability', figure(simulation.meanProbability)],
    ['Positives', figure(simulation.positives)],
    ['ROC AUC', figure(simulation.rocAuc)],
    [
      'Outcomes',
      Object.entries(outcomes)
        .map(([result, told]) => `${count(told)} ${result}`)
        .join(', '),
    ],
  ];
  return lines.map(([name, text]) => `${name!.padEnd(18)}${text}`).join('\n');
}

function shares(counts: Readonly<Record<string, number>>, total: number): string {
  return Object.entries(counts)
    .map(([name, number]) => `${name}: ${((100 * number) / total).toFixed(1)} %`)
    .join(', ');
}

function figure(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}
