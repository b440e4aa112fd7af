import type { Deployment } from '../../cli/deployment.ts';
import { describeLifecycle, type LifecycleOutput } from '../../cli/describe-lifecycle.ts';
import { connectEndpoint } from '../../cli/endpoint-client.ts';
import type { Progress } from '../../cli/progress.ts';
import { count } from '../../cli/text.ts';
import type { ArchiveOutput } from '../../contracts/archive-tasks.ts';
import type { MakeReportOutput } from '../../contracts/monitor-tasks.ts';
import type { ConcludeOutput, LifecycleRequest } from '../../contracts/tasks.ts';
import { listDecisions, type RecordedDecision } from '../../lifecycle/monitoring/decisions.ts';
import type { Release } from '../../lifecycle/release/releases.ts';
import { type Simulation, simulate } from '../../lifecycle/simulation/simulate.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import type { Population } from '../../use-cases/define-use-case.ts';
import { developmentKey } from '../start/development-key.ts';
import { executionOutput } from '../start/execution-output.ts';
import type { TimeTravel } from './time-travel.ts';
import { watchRelease } from './watch-release.ts';

const { id } = bankMarketing;

/** The bank, its clients, and whoever tells of them. */
export class Life {
  deployment!: Deployment;
  readonly #travel: TimeTravel;
  readonly #progress: Progress;
  #key = '';
  /** Nobody asks twice. */
  #nextSeed = 1_000;

  constructor(travel: TimeTravel, progress: Progress) {
    this.#travel = travel;
    this.#progress = progress;
  }

  chapter(title: string, text: string): void {
    console.log(`\n${title}\n${text}\n`);
  }

  /** A line with the date of the story. */
  tell(line: string): void {
    const now = this.deployment.clock.now().toISOString();
    console.log(`${now.slice(0, 'yyyy-mm-dd'.length)} ${now.slice(11, 16)}  ${line}`);
  }

  async wakeUp({ day, hour, speed = 2 }: { day: number; hour: number; speed?: number }): Promise<void> {
    this.deployment = await this.#travel.goTo({ day, hour, speed });
    this.#key = await developmentKey(this.deployment, this.#travel.stateFolder);
  }

  /** Archives the log, reports on the whole windows that have no report yet, and waits for what monitoring starts. */
  async night(): Promise<void> {
    await this.archive();
    const executionId = await this.#start('monitor', { useCase: id });
    const { report } = await this.#output<{ readonly report: MakeReportOutput }>(executionId);
    this.tell(`Report: ${report.summary}`);
    const decisions = await listDecisions(this.deployment.registry, id);
    for (const decision of decisions.filter(({ by }) => by === executionId).reverse()) await this.#follow(decision);
  }

  async #follow({ reportId, action, reasons, obstacles, done }: RecordedDecision): Promise<void> {
    if (action === 'none') return;
    this.tell(`On report ${reportId}, monitoring decides to ${action}: ${[...reasons, ...obstacles].join('; ')}`);
    if (!done?.lifecycle) return;
    this.tell(`That lifecycle: ${describeLifecycle(await this.#output<LifecycleOutput>(done.lifecycle))}`);
  }

  async archive(): Promise<void> {
    const { predictions, landed } = await this.#output<ArchiveOutput>(await this.#start('archive', { useCase: id }));
    const became = landed > 0 ? `, ${count(landed)} mature ones became observations` : '';
    this.tell(`Archived ${count(predictions)} predictions${became}.`);
  }

  /** Lets clients ask, their outcomes follow at once, and tells how good the answers are. */
  async call(population: Population, options: { requests: number; seed: number }): Promise<Simulation> {
    const simulation = await this.ask(population, options);
    const { answered, positives, rocAuc, versions } = simulation;
    const by = Object.keys(versions)
      .map(version => `version ${version}`)
      .join(' and ');
    const share = positives === null ? '' : `, ${(100 * positives).toFixed(1)} % say yes`;
    this.tell(`${count(answered)} clients, answered by ${by}: ROC AUC ${figure(rocAuc)}${share}.`);
    return simulation;
  }

  ask(population: Population, { requests, seed }: { requests: number; seed: number }): Promise<Simulation> {
    const { clock, endpoint } = this.deployment;
    return simulate({
      ...{ endpoint: connectEndpoint(endpoint, this.#key), clock, useCase: bankMarketing, population },
      ...{ requests, seed, labelDelayMs: 0, labelCoverage: 1 },
    });
  }

  /** Follows the newest release to its end, or until it is far enough, while clients go on asking. */
  watch(population: Population, isEnough?: (release: Release) => boolean): Promise<Release> {
    const meanwhile = () => this.ask(population, { requests: 200, seed: this.#nextSeed++ });
    return watchRelease(this.deployment, id, { tell: line => this.tell(line), meanwhile, isEnough });
  }

  /** @throws {ExecutionFailedError} */
  async runLifecycle(request: Omit<LifecycleRequest, 'useCase' | 'trigger'>): Promise<ConcludeOutput> {
    const input: LifecycleRequest = { useCase: id, trigger: 'manual', ...request };
    return this.#output(await this.#start('lifecycle', input));
  }

  #start(machine: string, input: object): Promise<string> {
    const { workflows, clock } = this.deployment;
    return workflows.start(machine, input, `demo-${clock.now().getTime()}`);
  }

  #output<Output>(executionId: string): Promise<Output> {
    return executionOutput(this.deployment, executionId, this.#progress);
  }
}

/** A figure in words. */
export function figure(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(3);
}
