import { randomUUID } from 'node:crypto';
import type { Progress } from '../../cli/progress.ts';
import { readVersion } from '../../lifecycle/registry/versions.ts';
import { startRelease } from '../../lifecycle/release/request-release.ts';
import { driftPopulation } from '../../lifecycle/simulation/drift-population.ts';
import { moveConcept } from '../../lifecycle/simulation/move-concept.ts';
import { readDrift } from '../../lifecycle/simulation/read-drift.ts';
import type { Simulation } from '../../lifecycle/simulation/simulate.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import type { Population } from '../../use-cases/define-use-case.ts';
import { fillRelease } from '../../use-cases/release-policy.ts';
import { figure, Life } from './life.ts';
import type { TimeTravel } from './time-travel.ts';

const { features, source, label } = bankMarketing;

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
  const { metrics } = await readVersion(life.deployment.registry, bankMarketing.id, version!);
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
    'Two weeks later the outcomes are final: the predictions become observations, and the report says how wrong they were.',
  );
  await life.wakeUp({ day: days.mature, hour: 15, speed: 120 });
  await life.night();
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
