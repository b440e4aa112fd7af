import type { Deployment } from '../../cli/deployment.ts';
import { describeLifecycle, type LifecycleOutput } from '../../cli/describe-lifecycle.ts';
import { connectEndpoint } from '../../cli/endpoint-client.ts';
import type { Progress } from '../../cli/progress.ts';
import { count } from '../../cli/text.ts';
import type { ArchiveOutput } from '../../contracts/archive-tasks.ts';
import type { DecideOutput, MakeReportOutput } from '../../contracts/monitor-tasks.ts';
import type { ConcludeOutput, LifecycleRequest } from '../../contracts/tasks.ts';
import type { Release } from '../../lifecycle/release/releases.ts';
import { type Simulation, simulate } from '../../lifecycle/simulation/simulate.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import type { Population } from '../../use-cases/define-use-case.ts';
import { developmentKey } from '../start/development-key.ts';
import { executionOutput } from '../start/execution-output.ts';
import type { TimeTravel } from './time-travel.ts';
import { watchRelease } from './watch-release.ts';

const { id } = bankMarketing;

/** What an execution of the `monitor` machine ends with. */
interface MonitorOutput {
  readonly report: MakeReportOutput;
  readonly decision?: DecideOutput;
}

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

  /** Archives the log, reports on the newest whole window, and waits for what monitoring starts. */
  async night(): Promise<void> {
    await this.archive();
    const { report, decision } = await this.#run<MonitorOutput>('monitor', { useCase: id });
    this.tell(`Report: ${report.summary}`);
    if (!decision || decision.action === 'none') return;
    this.tell(`Monitoring decides to ${decision.action}: ${decision.reasons.join('; ')}`);
    if (!decision.lifecycle) return;
    const output = await executionOutput<LifecycleOutput>(this.deployment, decision.lifecycle, this.#progress);
    this.tell(`That lifecycle: ${describeLifecycle(output)}`);
  }

  async archive(): Promise<void> {
    const { predictions, landed } = await this.#run<ArchiveOutput>('archive', { useCase: id });
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
  runLifecycle(request: Omit<LifecycleRequest, 'useCase' | 'trigger'>): Promise<ConcludeOutput> {
    const input: LifecycleRequest = { useCase: id, trigger: 'manual', ...request };
    return this.#run('lifecycle', input);
  }

  async #run<Output>(machine: string, input: object): Promise<Output> {
    const { workflows, clock } = this.deployment;
    const executionId = await workflows.start(machine, input, `demo-${clock.now().getTime()}`);
    return executionOutput(this.deployment, executionId, this.#progress);
  }
}

/** A figure in words. */
export function figure(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(3);
}
