import { randomUUID } from 'node:crypto';
import type { Deployment } from '../../cli/deployment.ts';
import { connectEndpoint } from '../../cli/endpoint-client.ts';
import { followExecution } from '../../cli/follow-execution.ts';
import type { Progress } from '../../cli/progress.ts';
import { count } from '../../cli/text.ts';
import type { ArchiveOutput } from '../../contracts/archive-tasks.ts';
import type { DecideOutput, MakeReportOutput } from '../../contracts/monitor-tasks.ts';
import type { ConcludeOutput, LifecycleRequest } from '../../contracts/tasks.ts';
import { readVersion } from '../../lifecycle/registry/versions.ts';
import type { Release } from '../../lifecycle/release/releases.ts';
import { startRelease } from '../../lifecycle/release/request-release.ts';
import { driftPopulation } from '../../lifecycle/simulation/drift-population.ts';
import { moveConcept } from '../../lifecycle/simulation/move-concept.ts';
import { readDrift } from '../../lifecycle/simulation/read-drift.ts';
import { type Simulation, simulate } from '../../lifecycle/simulation/simulate.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import type { Population } from '../../use-cases/define-use-case.ts';
import { fillRelease } from '../../use-cases/release-policy.ts';
import { developmentKey } from '../start/development-key.ts';
import { LifecycleFailedError } from '../start/run-loop.ts';
import { runMachine } from './run-machine.ts';
import type { TimeTravel } from './time-travel.ts';
import { watchRelease } from './watch-release.ts';

const { id, features, source, label } = bankMarketing;

/** Those whom the bank has called so far. */
const usual: Population = source.synthetic;

/** Those whom another campaign reaches: older, richer, without a house to pay for, and with other reasons to say yes. */
const others = driftPopulation(
  moveConcept(usual, features, 1),
  features,
  readDrift(bankMarketing, 'age=+8,balance=+1sd,housing=true→false'),
);

/** Days of the story, each told from its morning on. */
const days = { drift: 8, mature: 8 + 1 + label.delayDays + 1 };

/**
 * Tells a life: a healthy week, drift, alarm, a retrain on the drifted customers, canary, promotion, recovered quality; then a bad candidate and its rollback.
 * The clock runs fast and leaps; everything else is as in any deployment. What runs at the end goes on running.
 */
export async function tellStory(travel: TimeTravel, progress: Progress): Promise<void> {
  const life = new Life(travel, progress);
  await beginning(life);
  await healthyWeek(life);
  const worst = await drift(life);
  await recovery(life, worst);
  await badCandidate(life);
}

async function beginning(life: Life): Promise<void> {
  life.chapter('A bank begins', 'It has a year of calls behind it, and wants to know whom to call next.');
  await life.wakeUp({ day: 0, hour: 9 });
  const { version } = await life.runLifecycle({ newBatch: true, strategy: 'all-at-once' });
  const { metrics } = await readVersion(life.deployment.registry, id, version!);
  const holdout = metrics.holdout.metrics!.roc_auc;
  life.tell(`Version ${version} answers. On clients it has not seen: ROC AUC ${holdout.value.toFixed(3)}.`);
}

async function healthyWeek(life: Life): Promise<void> {
  life.chapter('A healthy week', 'Clients are called, answers are logged, a report is made each night.');
  for (let day = 1; day <= 7; day++) {
    await life.wakeUp({ day, hour: 9 });
    if (day > 1) await life.night();
    await life.call(usual, { requests: 250, seed: day });
  }
}

/** @returns how good the answers are for the new clients */
async function drift(life: Life): Promise<Simulation> {
  life.chapter('Drift', 'A new campaign reaches older and richer people, who say yes for other reasons.');
  await life.wakeUp({ day: days.drift, hour: 9 });
  await life.night();
  await life.call(others, { requests: 400, seed: 100 });
  await life.wakeUp({ day: days.drift + 1, hour: 9 });
  await life.night();
  const worst = await life.call(others, { requests: 4_000, seed: 101 });
  await life.wakeUp({ day: days.drift + 2, hour: 9 });
  await life.night();
  life.tell('What these clients decide is final two weeks later: nothing can be learned of them before.');
  return worst;
}

async function recovery(life: Life, before: Simulation): Promise<void> {
  life.chapter(
    'Retrain, canary, promotion',
    'Two weeks later the outcomes are final, and the predictions become observations.',
  );
  await life.wakeUp({ day: days.mature, hour: 15, speed: 120 });
  await life.archive();
  const { version, outcome, reason } = await life.runLifecycle({ window: { mode: 'incremental' }, strategy: 'canary' });
  life.tell(`Version ${version}, trained on what came since: ${outcome}, ${reason}`);
  await life.watch(others);
  const after = await life.call(others, { requests: 1_000, seed: 200 });
  life.tell(`For these clients the ROC AUC was ${figure(before.rocAuc)}, and is ${figure(after.rocAuc)} now.`);
}

/** Version 1 passes the gate, whose holdout knows only the clients of before; those of today tell otherwise, once their outcomes are final. */
async function badCandidate(life: Life): Promise<void> {
  const firstDay = days.mature + 1;
  life.chapter('A bad candidate', 'Somebody wants version 1 back: half of the clients, judged by what they really do.');
  await life.wakeUp({ day: firstDay, hour: 9, speed: 60 });
  const untilFinal = (label.delayDays + 1) * 24 * 60;
  const policy = {
    ...{ steps: [0.5], bakeMinutes: untilFinal, judgeMinutes: untilFinal, limits: { minimumOutcomes: 500 } },
    whenInsufficient: { action: 'hold', afterHours: 24 },
  } as const;
  const request = { version: 1, by: 'somebody', requestId: randomUUID() };
  await startRelease(life.deployment, { ...bankMarketing, release: fillRelease(policy) }, request);
  await life.watch(others, ({ step }) => step >= 0);
  await life.call(others, { requests: 3_000, seed: 201 });
  await life.wakeUp({ day: firstDay + label.delayDays + 1, hour: 15, speed: 60 });
  await life.watch(others);
  await life.call(others, { requests: 300, seed: 202 });
}

/** What an execution of the `monitor` machine ends with. */
interface MonitorOutput {
  readonly report: MakeReportOutput;
  readonly decision?: DecideOutput;
}

/** The bank, its clients, and whoever tells of them. */
class Life {
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
    const { report, decision } = await runMachine<MonitorOutput>(this.deployment, 'monitor', { useCase: id });
    this.tell(`Report: ${report.summary}`);
    if (!decision || decision.action === 'none') return;
    this.tell(`Monitoring decides to ${decision.action}: ${decision.reasons.join('; ')}`);
    if (!decision.lifecycle) return;
    const { output } = await followExecution(this.deployment, decision.lifecycle, this.#progress);
    this.tell(`That lifecycle: ${(output as Partial<ConcludeOutput> | null)?.reason ?? 'failed'}`);
  }

  async archive(): Promise<void> {
    const { predictions, landed } = await runMachine<ArchiveOutput>(this.deployment, 'archive', { useCase: id });
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

  /** @throws {LifecycleFailedError} */
  async runLifecycle(request: Omit<LifecycleRequest, 'useCase' | 'trigger'>): Promise<ConcludeOutput> {
    const input: LifecycleRequest = { useCase: id, trigger: 'manual', ...request };
    const name = `demo-${this.deployment.clock.now().getTime()}`;
    const executionId = await this.deployment.workflows.start('lifecycle', input, name);
    const execution = await followExecution(this.deployment, executionId, this.#progress);
    if (execution.status !== 'SUCCEEDED') throw new LifecycleFailedError(execution);
    return execution.output as ConcludeOutput;
  }
}

function figure(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(3);
}
